// What a source may be at most, and a result (its numbers: kMaxOutputSide and kMaxOutputPixels).
// All is known from the header: nothing is decoded before it is found small enough.

#ifndef IMAGESERVER_IMAGE_LIMITS_H_
#define IMAGESERVER_IMAGE_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "image/geometry.h"
#include "imageserver/error.h"
#include "imageserver/params.h"

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

// kInvalidParam if `frames` frames of that size are more than is made. It names the parameter of
// `spec` that led there.
[[nodiscard]] std::optional<Error> check_result(Size frame, int frames, const TransformSpec& spec);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_LIMITS_H_
