// Colour spaces that are told by curves and a matrix: what each encoded value is in light, and how
// that light is mixed from the primaries of sRGB. Threads: any.

#ifndef IMAGESERVER_IMAGE_COLOUR_LIGHT_SPACE_H_
#define IMAGESERVER_IMAGE_COLOUR_LIGHT_SPACE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "image/colour/calibration.h"
#include "image/colour/cicp.h"
#include "image/colour/rgb_matrix.h"

namespace imageserver {

// The light of an encoded value, both from 0 to 1. Light of HDR may be more than 1, which is the
// white of a usual screen (kReferenceWhite).
using LightCurve = std::function<double(double)>;

enum class Range : std::uint8_t {
  kStandard,
  kHdr,       // must be tone-mapped
  kHdrScene,  // the same; the light is that of the scene, and not yet that of a screen
};

struct LightSpace {
  std::array<LightCurve, 3> curves;  // red, green and blue; a grey picture has the first
  Matrix to_srgb;                    // from this light to that of sRGB
  Range range = Range::kStandard;
};

// The primaries of a code point of ITU-T H.273: 1, 4 to 9, 11, 12 and 22; 2 ("unspecified") stands
// for those of sRGB. None for other code points.
[[nodiscard]] std::optional<Primaries> primaries_of(int code);

// The space with these code points: primaries as above; transfer 4, 5, 7, 8, 13, 17, and 16 (PQ)
// and 18 (HLG) of BT.2100. 2 ("unspecified") stands for the curve of sRGB. So do 1, 6, 11, 14 and
// 15, the curves of video cameras: still pictures that say so are made for sRGB, and browsers show
// them so. None for other code points.
[[nodiscard]] std::optional<LightSpace> light_space_of(Cicp cicp);

// Whether the code points are sRGB's own.
[[nodiscard]] bool is_srgb(Cicp cicp);

// None if the numbers make no sense: see matrix_to_srgb(); or the exponent lies outside 0.1 to 10.
[[nodiscard]] std::optional<LightSpace> light_space_of(const Calibration& calibration);

// Whether the picture looks the same if it is taken for sRGB: the primaries are sRGB's to within
// 0.001, and the exponent is 2.2 to within 5 %, which is how files of sRGB note its curve, and how
// browsers read that.
[[nodiscard]] bool is_srgb(const Calibration& calibration);

// The space of an RGB profile (ICC.1) that is made of a matrix and three curves, or of a grey one
// that is made of a curve, with no tables for whole colours; an RGB profile that has a cicp tag of
// PQ or HLG is that. None for all other profiles.
[[nodiscard]] std::optional<LightSpace> light_space_of(std::string_view profile);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_LIGHT_SPACE_H_
