// What a source may be at most, and a result (its numbers: kMaxOutputSide and kMaxOutputPixels).
// All is known from the header: nothing is decoded before it is found small enough.

#ifndef IMAGESERVER_IMAGE_PLAN_LIMITS_H_
#define IMAGESERVER_IMAGE_PLAN_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "image/plan/geometry.h"
#include "imageserver/error.h"
#include "params/limits.h"
#include "params/transform_spec.h"

namespace imageserver {

struct ImageLimits {
  std::int64_t max_pixels = 50'000'000;  // over all frames that are read
  int max_frames = 100;                  // of a longer animation the first so many are read
};

// kUnprocessable above kMaxSourceBytes.
[[nodiscard]] std::optional<Error> check_bytes(std::size_t size);

// kUnprocessable if `frames` frames of that size are more pixels than are read.
// REQUIRES: frames > 0. The same holds below.
[[nodiscard]] std::optional<Error> check_source(Size frame, int frames, const ImageLimits& limits);

// How many scans a JPEG of that size may come in: usual ones have about ten, and large pictures get
// no more than twice that, so that the time its decoder takes stays bounded.
[[nodiscard]] int max_scans(Size frame);

// kInvalidParam if `frames` frames of the result, or of what it is made from, are more than is
// made, or a rotation makes more than 2.5 times the most pixels that are read: a square needs twice
// its own, a line a thousand times. It names the parameter of `spec` that
// led there; where none did, it is kUnprocessable.
[[nodiscard]] std::optional<Error> check_layout(const Layout& layout, int frames,
                                                const TransformSpec& spec,
                                                const ImageLimits& limits);

// The largest AVIF, in pixels: its encoder takes about a second for so many, and cannot be stopped.
inline constexpr std::int64_t kMaxAvifPixels = 16'000'000;

// kInvalidParam if the format's encoder would take too long for a result of that size.
[[nodiscard]] std::optional<Error> check_codec(Format format, Size size);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_LIMITS_H_
