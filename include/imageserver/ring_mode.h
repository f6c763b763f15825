// How keys are laid on the ring, and with it whose customs are kept.

#ifndef IMAGESERVER_RING_MODE_H_
#define IMAGESERVER_RING_MODE_H_

#include <cstdint>

namespace imageserver {

enum class RingMode : std::uint8_t {
  // Our own: even shares, stand-ins for nodes that are away, hot keys mirrored by their rate, hot
  // entries that age.
  kBalanced,

  // golang/groupcache's placement and customs, so that Go nodes can be in the ring.
  kGo,
};

}  // namespace imageserver

#endif  // IMAGESERVER_RING_MODE_H_
