#include "integration/harness/picture.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <vips/vips8>

namespace imageserver::testing {
namespace {

using vips::VImage;

class Library {
 public:
  Library() {
    if (VIPS_INIT("integration test") != 0) throw std::runtime_error("libvips does not start");
  }
  ~Library() { vips_shutdown(); }

  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

// Once, and until the end.
void start_library() { static const Library library; }

// The brand that an ISO media file says it is of; empty for any other file.
std::string_view brand_of(std::string_view bytes) {
  constexpr std::size_t kBox = 4;
  constexpr std::size_t kBrand = 8;
  const bool is_one = bytes.size() > kBrand + 4 && bytes.substr(kBox, 4) == "ftyp";
  return is_one ? bytes.substr(kBrand, 4) : std::string_view();
}

std::string format_of(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8")) return "jpeg";
  if (bytes.starts_with("\x89PNG")) return "png";
  if (bytes.starts_with("GIF8")) return "gif";
  if (bytes.starts_with("RIFF")) return "webp";
  if (brand_of(bytes) == "avif") return "avif";
  if (bytes.starts_with("II*") || bytes.starts_with("MM")) return "tiff";
  if (bytes.starts_with("BM")) return "bmp";
  throw std::runtime_error("no picture: " + std::string(bytes.substr(0, 80)));
}

int number(const VImage& image, const char* name, int otherwise) {
  return image.get_typeof(name) == 0 ? otherwise : image.get_int(name);
}

}  // namespace

Picture decode(std::string_view bytes) {
  start_library();
  const std::string format = format_of(bytes);
  const bool can_move = format == "gif" || format == "webp";
  auto* const options = can_move ? VImage::option()->set("n", -1) : VImage::option();
  const VImage image = VImage::new_from_buffer(bytes.data(), bytes.size(), "",
                                               options->set("fail_on", VIPS_FAIL_ON_WARNING));
  static_cast<void>(image.avg());
  return {format, image.width(), number(image, "page-height", image.height()),
          number(image, "n-pages", 1)};
}

std::string converted(std::string_view bytes, const std::string& suffix) {
  start_library();
  const VImage image = VImage::new_from_buffer(bytes.data(), bytes.size(), "");
  void* data = nullptr;
  std::size_t size = 0;
  image.write_to_buffer(suffix.c_str(), &data, &size);
  const std::unique_ptr<void, decltype(&g_free)> owner(data, &g_free);
  return {static_cast<const char*>(data), size};
}

std::string testdata(const std::string& name) {
  std::ifstream file(std::string(IMAGESERVER_TESTDATA "/") + name, std::ios::binary);
  if (!file) throw std::runtime_error("no such file: " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace imageserver::testing
