// Hostile colour profiles, as pictures carry them.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vips/vips8>

#include "check.h"
#include "image/colour/by_light.h"
#include "image/colour/is_srgb_profile.h"
#include "image/colour/light_space.h"
#include "image/colour/profile_name.h"
#include "image/colour/to_srgb.h"

namespace imageserver::fuzz {
namespace {

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

using vips::VImage;

// A few pixels that carry the profile, of the kind that the profile says it is for.
VImage picture_with(std::string_view profile) {
  constexpr std::size_t kSpaceAt = 16;
  constexpr int kSide = 8;
  const std::string_view space = profile.substr(std::min(kSpaceAt, profile.size()), 4);
  const bool is_cmyk = space == "CMYK";
  const int bands = is_cmyk ? 4 : space == "GRAY" ? 1 : 3;
  const VipsInterpretation interpretation = is_cmyk      ? VIPS_INTERPRETATION_CMYK
                                            : bands == 1 ? VIPS_INTERPRETATION_B_W
                                                         : VIPS_INTERPRETATION_sRGB;
  VImage image = (VImage::black(kSide, kSide, VImage::option()->set("bands", bands)) +
                  VImage::identity().extract_area(0, 0, kSide, 1).replicate(1, kSide) * 30)
                     .cast(VIPS_FORMAT_UCHAR)
                     .copy(VImage::option()->set("interpretation", interpretation));
  vips_image_set_blob_copy(image.get_image(), VIPS_META_ICC_NAME, profile.data(), profile.size());
  return image;
}

// A profile may turn out to be unusable when pixels are asked for: libvips says so then.
void convert(std::string_view profile) try {
  const VImage picture = picture_with(profile);
  const VImage result = to_srgb(picture);
  check(is_srgb(result), "what was converted is in sRGB");
  check(result.bands() == (picture.bands() == 1 ? 1 : 3), "it is grey or in colour");
  const VImage pixels = result.copy_memory();
  check(pixels.format() == VIPS_FORMAT_UCHAR, "it has 8 bits");
  if (const auto space = light_space_of(profile); space && picture.bands() == 3)
    by_light((picture * 257).cast(VIPS_FORMAT_USHORT), *space).copy_memory();
} catch (const vips::VError&) {
  vips_error_clear();
}

void run(std::string_view profile) {
  const bool srgb = is_srgb_profile(profile);
  check(is_srgb_profile(profile) == srgb, "the same bytes are judged alike");
  if (srgb) {
    check(!is_srgb_profile(profile.substr(0, 127)), "what is cut within its header is not taken");
    check(is_srgb_profile(std::string(profile) + "more"), "what comes after it does not count");
  }
  const std::string name = profile_name(profile);
  check(name.size() <= 100 && std::ranges::all_of(name, is_printable), "names can be shown");
  convert(profile);
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerInitialize(int*, char***) { return vips_init("profile_fuzzer"); }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
