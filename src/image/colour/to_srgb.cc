#include "image/colour/to_srgb.h"

#include <optional>
#include <string_view>

#include "image/colour/by_light.h"
#include "image/colour/by_profile.h"
#include "image/colour/calibration.h"
#include "image/colour/cicp.h"
#include "image/colour/fitting_profile.h"
#include "image/colour/is_srgb_profile.h"
#include "image/colour/light_space.h"

namespace imageserver {
namespace {

using vips::VImage;

bool is_cmyk(const VImage& image) { return image.interpretation() == VIPS_INTERPRETATION_CMYK; }

// None if there is no note, or it is not to be believed, or it says sRGB.
std::optional<LightSpace> noted_space(const VImage& image) {
  if (is_cmyk(image)) return std::nullopt;
  if (const auto cicp = cicp_of(image)) {
    const auto space = is_srgb(*cicp) ? std::nullopt : light_space_of(*cicp);
    if (space || is_srgb(*cicp)) return space;
  }
  const auto calibration = calibration_of(image);
  return calibration && !is_srgb(*calibration) ? light_space_of(*calibration) : std::nullopt;
}

bool is_marked(const VImage& image) {
  return image.get_typeof(VIPS_META_ICC_NAME) != 0 || cicp_of(image) || calibration_of(image);
}

// The space of a picture that is not in sRGB, if it is told by curves and a matrix.
std::optional<LightSpace> simple_space(const VImage& image) {
  const std::string_view profile = fitting_profile(image);
  return profile.empty() ? noted_space(image) : light_space_of(profile);
}

VImage by_notes(const VImage& image) {
  if (is_cmyk(image)) return by_usual_cmyk(image);
  const auto space = noted_space(image);
  return space ? by_light(image, *space) : image;
}

}  // namespace

bool is_srgb(const VImage& image) {
  if (is_cmyk(image)) return false;
  const std::string_view profile = fitting_profile(image);
  return profile.empty() ? !noted_space(image) : is_srgb_profile(profile);
}

VImage without_marks(const VImage& image) {
  if (!is_marked(image)) return image;
  VImage plain = without_calibration(without_cicp(image));
  plain.remove(VIPS_META_ICC_NAME);
  return plain;
}

VImage to_srgb(const VImage& image) {
  if (is_srgb(image)) return without_marks(image);
  const std::string_view profile = fitting_profile(image);
  if (const auto space = light_space_of(profile)) return without_marks(by_light(image, *space));
  const auto done = profile.empty() ? std::nullopt : by_profile(image);
  return without_marks(done ? *done : by_notes(image));
}

bool is_dear(const VImage& image) {
  return image.bands() >= 3 && !is_srgb(image) && !simple_space(image);
}

VImage to_srgb_if_cheap(const VImage& image) {
  if (is_srgb(image)) return image;
  if (const auto space = simple_space(image)) return without_marks(by_light(image, *space));
  const bool is_grey_bytes = image.bands() < 3 && image.format() == VIPS_FORMAT_UCHAR;
  return is_grey_bytes ? to_srgb(image) : image;
}

VImage flatten_on_white(const VImage& image) {
  if (!image.has_alpha()) return image;
  return image.flatten(VImage::option()->set("background", 255.0));
}

}  // namespace imageserver
