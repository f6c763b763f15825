#include "image/colour/by_profile.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "base/log.h"
#include "image/colour/colour_profile.h"
#include "image/colour/fitting_profile.h"

namespace imageserver {
namespace {

using vips::VImage;

// The order in which they are preferred.
constexpr auto kIntents = std::to_array<VipsIntent>(
    {VIPS_INTENT_RELATIVE, VIPS_INTENT_PERCEPTUAL, VIPS_INTENT_SATURATION, VIPS_INTENT_ABSOLUTE});

// libvips ignores a profile that does not have the intent.
std::optional<VipsIntent> intent_of(std::string_view profile) {
  const ColourProfile opened = open_profile(profile);
  if (!opened) return std::nullopt;
  const auto* const found = std::ranges::find_if(kIntents, [&](VipsIntent intent) {
    return cmsIsIntentSupported(opened.get(), static_cast<cmsUInt32Number>(intent),
                                LCMS_USED_AS_INPUT) != 0;
  });
  return found == kIntents.end() ? std::nullopt : std::optional(*found);
}

VImage transformed(const VImage& image, VipsIntent intent) {
  return image.icc_transform("srgb",
                             VImage::option()->set("embedded", true)->set("intent", intent));
}

// Every grey that there is, and the metadata of `image`.
VImage ramp_like(const VImage& image) {
  constexpr std::size_t kGreys = 256;
  std::array<std::uint8_t, kGreys> greys{};
  std::iota(greys.begin(), greys.end(), std::uint8_t{0});
  VipsImage* const copy =
      vips_image_new_from_memory_copy(greys.data(), greys.size(), kGreys, 1, 1, VIPS_FORMAT_UCHAR);
  if (copy == nullptr) throw vips::VError();
  VImage ramp = VImage(copy).copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_B_W));
  std::size_t size = 0;
  const void* const profile = image.get_blob(VIPS_META_ICC_NAME, &size);
  vips_image_set_blob_copy(ramp.get_image(), VIPS_META_ICC_NAME, profile, size);
  return ramp;
}

// Through a table, as there are but 256 greys.
VImage grey_transformed(const VImage& image, VipsIntent intent) {
  constexpr int kGreen = 1;
  const VImage table = transformed(ramp_like(image), intent).extract_band(kGreen).copy_memory();
  const VImage grey = image.extract_band(0).maplut(table);
  const VImage whole = image.bands() == 1 ? grey : grey.bandjoin(image.extract_band(1));
  return whole.copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_B_W));
}

}  // namespace

std::optional<VImage> by_profile(const VImage& image) try {
  const auto intent = intent_of(fitting_profile(image));
  if (!intent) return std::nullopt;
  return image.bands() < 3 ? grey_transformed(image, *intent) : transformed(image, *intent);
} catch (const vips::VError& error) {
  log::debug("unusable colour profile: {}", error.what());
  vips_error_clear();
  return std::nullopt;
}

VImage by_usual_cmyk(const VImage& image) {
  return image.icc_transform("srgb", VImage::option()->set("input_profile", "cmyk"));
}

}  // namespace imageserver
