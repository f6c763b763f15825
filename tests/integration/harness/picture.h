// A look at an encoded picture.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_PICTURE_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_PICTURE_H_

#include <ostream>
#include <string>
#include <string_view>

namespace imageserver::testing {

struct Picture {
  std::string format;  // jpeg, png, gif, webp, avif, tiff or bmp
  int width = 0;
  int height = 0;  // of one frame
  int frames = 1;

  friend bool operator==(const Picture&, const Picture&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Picture& picture) {
    return out << picture.format << ' ' << picture.width << 'x' << picture.height << " of "
               << picture.frames;
  }
};

// Decodes every pixel. Throws if it cannot.
[[nodiscard]] Picture decode(std::string_view bytes);

// The same picture in the format of that suffix.
[[nodiscard]] std::string converted(std::string_view bytes, const std::string& suffix);

// The content of a file of testdata.
[[nodiscard]] std::string testdata(const std::string& name);

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_PICTURE_H_
