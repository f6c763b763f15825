// Limits on sources and on results. (The numbers for results are kMaxOutputSide and
// kMaxOutputPixels.) They are checked by the header, before a pixel is decoded. Threads: any.

#ifndef IMAGESERVER_IMAGE_PLAN_LIMITS_H_
#define IMAGESERVER_IMAGE_PLAN_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "image/plan/geometry.h"
#include "imageserver/error.h"
#include "params/size_limits.h"
#include "params/transform_spec.h"

namespace imageserver {

struct ImageLimits {
  std::int64_t max_pixels = 50'000'000;  // of a source, over all frames that are read
  int max_frames = 100;                  // of an animation; further ones are not read

  friend bool operator==(const ImageLimits&, const ImageLimits&) = default;
};

// kUnprocessable above kMaxSourceBytes.
[[nodiscard]] std::optional<Error> check_bytes(std::size_t size);

// kUnprocessable if `frames` frames of that size have more pixels than limits.max_pixels, or more
// than 10,000,000 rows. REQUIRES: frames > 0. The same holds below.
[[nodiscard]] std::optional<Error> check_source(Size frame, int frames, const ImageLimits& limits);

// kUnprocessable if that many pixels (Header::coded_pixels) are more than 5/4 of limits.max_pixels:
// the parts that a picture is put together from may stick out of it.
[[nodiscard]] std::optional<Error> check_coded(std::int64_t pixels, const ImageLimits& limits);

// How many scans a JPEG of that size may have, which bounds the time of its decoder. Usual JPEGs
// have about ten; a large one may have 20, a small one up to 100.
[[nodiscard]] int max_scans(Size frame);

// An error if `frames` frames of the result, or of the picture without its padding, are over the
// limits on results; or if a rotated frame has more than 2.5 times limits.max_pixels. (A rotated
// square has twice its pixels, a rotated line a thousand times.) kInvalidParam, with the parameter
// of `spec` that led there; kUnprocessable if no parameter did.
[[nodiscard]] std::optional<Error> check_layout(const Layout& layout, int frames,
                                                const TransformSpec& spec,
                                                const ImageLimits& limits);

// kInvalidParam if the format's encoder would take too long for a result of that size: above its
// ResultTraits::max_pixels.
[[nodiscard]] std::optional<Error> check_codec(Format format, Size size);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_LIMITS_H_
