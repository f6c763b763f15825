// Hostile pictures. The last five bytes also choose what is asked: decoders take no notice of what
// comes behind a picture's end, so that any picture is a seed and any choice can be made for it.

#include <array>
#include <optional>

#include "check.h"
#include "image/transform.h"
#include "image/vips_library.h"

namespace imageserver::fuzz {
namespace {

constexpr std::size_t kChoices = 5;
constexpr ImageLimits kSmall{.max_pixels = 1'000'000, .max_frames = 8};

constexpr std::array<std::optional<Format>, 5> kAsked = {std::nullopt, Format::kJpeg, Format::kPng,
                                                         Format::kGif, Format::kWebp};

TransformSpec choose(const std::uint8_t* choices) {
  TransformSpec spec;
  spec.format = kAsked[choices[0] % kAsked.size()];
  spec.mode = static_cast<Mode>(choices[1] % 3);
  spec.resampling = static_cast<Resampling>(choices[1] / 3 % 5);
  spec.width = choices[2];
  spec.height = choices[3];
  if (choices[4] % 2 == 1) spec.quality = 1 + choices[4] * 99 / 255;
  return spec;
}

void check_error(const Error& error) {
  check(error.kind == ErrorKind::kUnprocessable || error.kind == ErrorKind::kInvalidParam,
        "an error blames the picture or what is asked");
}

// REQUIRES: size >= kChoices.
void run(const std::uint8_t* data, std::size_t size) {
  const TransformSpec spec = choose(data + size - kChoices);
  const auto result = transform(Bytes::copy(as_text(data, size)), spec, {}, kSmall);
  if (!result) return check_error(result.error());
  const Image& image = **result;
  check(!image.data.empty(), "a result has bytes");
  check(image.format == spec.format.value_or(image.format), "a result has the format asked");
  check(image.frames.read >= 1 && image.frames.read <= image.frames.total, "frames are counted");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const imageserver::VipsLibrary library;
  if (size >= imageserver::fuzz::kChoices) imageserver::fuzz::run(data, size);
  return 0;
}
