// What a process that reads strangers' files says to us may be anything.

#include <cstdint>
#include <variant>

#include "check.h"
#include "image/sandbox/protocol.h"

namespace imageserver::fuzz {
namespace {

constexpr int kLongestSide = 10'000'000;

bool is_side(int side) { return side >= 1 && side <= kLongestSide; }

void check_size(const RealSize& size) {
  const auto is_length = [](double side) { return side > 0 && side <= kLongestSide; };
  check(is_length(size.width) && is_length(size.height), "lengths are those of a drawing");
}

void check_size(Size size) {
  check(is_side(size.width) && is_side(size.height), "sides are those of a picture");
}

void check_sense(const DrawnHeader& header) {
  check_size(header.size);
  check(header.pages >= 1, "there is a page");
  check(header.orientation >= 1 && header.orientation <= 8, "EXIF has that orientation");
}

void check_sense(const DrawnPixels& pixels) {
  check_size(pixels.size);
  check(pixels.bands >= 1 && pixels.bands <= 4, "a raster has so many bands");
}

void run(std::string_view bytes) {
  const auto answer = decode_answer(bytes);
  if (!answer) return;
  std::visit([](const auto& what) { check_sense(what); }, *answer);
  const auto again = encode_answer(*answer);
  check(bytes == std::string_view(again.data(), again.size()), "an answer has one spelling");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
