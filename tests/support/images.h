// Pictures for tests that look at what surrounds them and not at their pixels.

#ifndef IMAGESERVER_TESTS_SUPPORT_IMAGES_H_
#define IMAGESERVER_TESTS_SUPPORT_IMAGES_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "formats/image.h"

namespace imageserver::testing {

inline ImagePtr image_of(std::string_view data) {
  return make_image(Format::kJpeg, Bytes::copy(data), Frames{});
}

// A picture that, under a key of `key_size` bytes, takes `bytes` in the cache's books: 4 + "jpeg" +
// 4 stand around the data.
inline ImagePtr image_filling(std::size_t bytes, std::size_t key_size, char fill = 'x') {
  return image_of(std::string(bytes - key_size - 12, fill));
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_IMAGES_H_
