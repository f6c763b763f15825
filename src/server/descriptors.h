// How many connections the descriptors of this process are enough for.

#ifndef IMAGESERVER_SERVER_DESCRIPTORS_H_
#define IMAGESERVER_SERVER_DESCRIPTORS_H_

#include <cstddef>

namespace imageserver {

// What else than connections of clients takes descriptors.
struct OtherDescriptors {
  std::size_t io_threads = 1;
  std::size_t workers = 1;      // each reads an original
  std::size_t renderers = 1;    // while another one starts
  std::size_t origins = 0;      // connections to servers of originals
  std::size_t directories = 0;  // each has threads that look at its files
  bool peers = false;           // a fourth of what is left is kept for fetches from them
};

// The connections that there may be with that many descriptors; a few at least, as a server that
// cannot be asked is none.
[[nodiscard]] std::size_t connections_for(std::size_t descriptors, const OtherDescriptors& others);

// The descriptors that this process may have (RLIMIT_NOFILE's soft limit).
[[nodiscard]] std::size_t descriptor_limit();

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_DESCRIPTORS_H_
