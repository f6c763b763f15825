// What must hold of any input.

#ifndef IMAGESERVER_FUZZ_CHECK_H_
#define IMAGESERVER_FUZZ_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace imageserver::fuzz {

// Ends the run, in every build, if it does not hold.
inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace imageserver::fuzz

#endif  // IMAGESERVER_FUZZ_CHECK_H_
