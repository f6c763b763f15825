// Which of the pictures that a node owns goes first when its cache is full.

#ifndef IMAGESERVER_CACHE_POLICY_H_
#define IMAGESERVER_CACHE_POLICY_H_

#include <cstdint>

namespace imageserver {

enum class CachePolicy : std::uint8_t {
  // The least recently used one, as in golang/groupcache.
  kLru,

  // S3-FIFO: what is asked for once goes soon, what is asked for again stays. No picture over a
  // tenth of the limit is kept.
  kS3Fifo,
};

}  // namespace imageserver

#endif  // IMAGESERVER_CACHE_POLICY_H_
