// The largest pictures that are read and made.

#ifndef IMAGESERVER_PARAMS_SIZE_LIMITS_H_
#define IMAGESERVER_PARAMS_SIZE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace imageserver {

// The largest original that is read, in bytes.
inline constexpr std::size_t kMaxSourceBytes = 20U << 20U;

// The largest result: a side in pixels, and an area in pixels over all its frames.
inline constexpr int kMaxOutputSide = 8192;
inline constexpr std::int64_t kMaxOutputPixels = 40'000'000;

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_SIZE_LIMITS_H_
