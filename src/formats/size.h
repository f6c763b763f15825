// The size of a picture, in pixels.

#ifndef IMAGESERVER_FORMATS_SIZE_H_
#define IMAGESERVER_FORMATS_SIZE_H_

#include <cstdint>

namespace imageserver {

struct Size {
  int width = 0;
  int height = 0;

  friend bool operator==(const Size&, const Size&) = default;
};

[[nodiscard]] constexpr std::int64_t area(Size size) {
  return std::int64_t{size.width} * size.height;
}

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_SIZE_H_
