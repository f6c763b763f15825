#include "image/colour/fitting_profile.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace imageserver {
namespace {

// Where a profile's header (ICC.1, 7.2) has its class, and the space it is for: four letters each.
constexpr std::size_t kClassAt = 12;
constexpr std::size_t kSpaceAt = 16;
constexpr std::size_t kLetters = 4;

constexpr std::array<std::string_view, 4> kClasses = {"scnr", "mntr", "prtr", "spac"};

std::string_view profile_in(const vips::VImage& image) {
  if (image.get_typeof(VIPS_META_ICC_NAME) == 0) return {};
  std::size_t size = 0;
  const void* const data = image.get_blob(VIPS_META_ICC_NAME, &size);
  return {static_cast<const char*>(data), size};
}

std::string_view space_of(const vips::VImage& image) {
  if (image.interpretation() == VIPS_INTERPRETATION_CMYK) return "CMYK";
  return image.bands() < 3 ? "GRAY" : "RGB ";
}

}  // namespace

std::string_view fitting_profile(const vips::VImage& image) {
  const std::string_view profile = profile_in(image);
  if (profile.size() < kSpaceAt + kLetters) return {};
  const bool is_for_pixels = std::ranges::count(kClasses, profile.substr(kClassAt, kLetters)) > 0;
  const bool fits = profile.substr(kSpaceAt, kLetters) == space_of(image);
  return is_for_pixels && fits ? profile : std::string_view();
}

}  // namespace imageserver
