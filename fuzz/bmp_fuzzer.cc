// Hostile bitmaps: header and pixels are decoded where the header tells a size that is small
// enough, and what comes out goes through our encoder and back.

#include <cstdint>
#include <string_view>

#include "check.h"
#include "formats/bmp_header.h"
#include "image/codec/bmp.h"

namespace imageserver::fuzz {
namespace {

constexpr std::int64_t kMostPixels = 1 << 18;

void check_refused(const Error& error) {
  check(error.kind == ErrorKind::kUnprocessable, "an error blames the picture");
}

bool same_pixels(const Raster& a, const Raster& b) {
  return a.size == b.size && a.bands == b.bands && a.pixels == b.pixels;
}

void check_raster(const Raster& raster, Size size) {
  check(raster.size == size, "the header told the size");
  check(raster.bands == 3 || raster.bands == 4, "bitmaps are in colour");
  check(static_cast<std::int64_t>(raster.pixels.size()) == area(size) * raster.bands,
        "every pixel is there");
  const auto again = decode_bmp(encode_bmp(view(raster)).view());
  check(again.has_value() && same_pixels(*again, raster), "pixels come back");
}

void run(std::string_view file) {
  const auto size = bmp_size(file);
  if (!size) {
    check_refused(size.error());
    check(decode_bmp(file).has_error(), "what has no size is not decoded");
    return;
  }
  check(is_bmp(file), "what has a size is a bitmap");
  check(size->width > 0 && size->height > 0, "no side is 0");
  if (area(*size) > kMostPixels) return;
  const auto raster = decode_bmp(file);
  if (!raster) return check_refused(raster.error());
  check_raster(*raster, *size);
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
