#include "image/colour/to_srgb.h"

#include <optional>
#include <string_view>

#include "base/log.h"
#include "image/colour/is_srgb_profile.h"

namespace imageserver {
namespace {

using vips::VImage;

// Empty if there is none. REQUIRES: the image outlives it.
std::string_view profile_of(const VImage& image) {
  if (image.get_typeof(VIPS_META_ICC_NAME) == 0) return {};
  std::size_t size = 0;
  const void* data = image.get_blob(VIPS_META_ICC_NAME, &size);
  return {static_cast<const char*>(data), size};
}

// The four letters with which a profile's header names the space it is for.
std::optional<std::string_view> space_of(std::string_view profile) {
  constexpr std::size_t kSpaceAt = 16;
  constexpr std::size_t kSpaceLength = 4;
  if (profile.size() < kSpaceAt + kSpaceLength) return std::nullopt;
  return profile.substr(kSpaceAt, kSpaceLength);
}

std::string_view space_of(const VImage& image) {
  if (image.interpretation() == VIPS_INTERPRETATION_CMYK) return "CMYK";
  return image.bands() < 3 ? "GRAY" : "RGB ";
}

// The picture without its profile. After a conversion that profile no longer fits the pixels, and
// must not be applied again.
VImage without_tag(const VImage& image) {
  VImage untagged = image.copy();
  untagged.remove(VIPS_META_ICC_NAME);
  return untagged;
}

VImage by_profile(const VImage& image) {
  const VImage rgb = image.icc_transform("srgb", VImage::option()->set("embedded", true));
  return without_tag(image.bands() < 3 ? rgb.colourspace(VIPS_INTERPRETATION_B_W) : rgb);
}

VImage without_profile(const VImage& image) {
  if (image.interpretation() == VIPS_INTERPRETATION_CMYK)
    return without_tag(image.icc_transform("srgb", VImage::option()->set("input_profile", "cmyk")));
  return image;
}

}  // namespace

bool is_srgb(const VImage& image) {
  if (image.interpretation() == VIPS_INTERPRETATION_CMYK) return false;
  const std::string_view profile = profile_of(image);
  return space_of(profile) != space_of(image) || is_srgb_profile(profile);
}

VImage to_srgb(const VImage& image) {
  if (is_srgb(image)) return profile_of(image).empty() ? image : without_tag(image);
  if (space_of(profile_of(image)) != space_of(image)) return without_profile(image);
  try {
    return by_profile(image);
  } catch (const vips::VError& error) {
    log::debug("unusable colour profile: {}", error.what());
    vips_error_clear();
    return without_profile(image);
  }
}

VImage flatten_on_white(const VImage& image) {
  if (!image.has_alpha()) return image;
  return image.flatten(VImage::option()->set("background", 255.0));
}

}  // namespace imageserver
