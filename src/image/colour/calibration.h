// The colour space of a picture by numbers, as PNG gives them in gAMA and cHRM.

#ifndef IMAGESERVER_IMAGE_COLOUR_CALIBRATION_H_
#define IMAGESERVER_IMAGE_COLOUR_CALIBRATION_H_

#include <optional>
#include <vips/vips8>

#include "image/colour/rgb_matrix.h"

namespace imageserver {

struct Calibration {
  double exponent = 2.2;  // light is an encoded value, from 0 to 1, to this power
  Primaries primaries = kSrgbPrimaries;

  bool operator==(const Calibration&) const = default;
};

// The picture with a note of the space that its pixels are in. Threads: any. The same holds for
// everything below.
[[nodiscard]] vips::VImage with_calibration(const vips::VImage& image, const Calibration& space);

// None if no such note is on the picture.
[[nodiscard]] std::optional<Calibration> calibration_of(const vips::VImage& image);

[[nodiscard]] vips::VImage without_calibration(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_CALIBRATION_H_
