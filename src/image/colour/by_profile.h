// Converts pictures by their profiles, with Little CMS. Threads: any, each with pictures of its
// own.

#ifndef IMAGESERVER_IMAGE_COLOUR_BY_PROFILE_H_
#define IMAGESERVER_IMAGE_COLOUR_BY_PROFILE_H_

#include <optional>
#include <vips/vips8>

namespace imageserver {

// The picture in sRGB or grey by the profile that it carries: by the intent "relative", or else by
// the first of "perceptual", "saturation" and "absolute" that the profile has. None if the profile
// cannot be used, or is damaged. Lazy. Throws vips::VError. REQUIRES: there is a fitting_profile();
// 8 bits a band.
[[nodiscard]] std::optional<vips::VImage> by_profile(const vips::VImage& image);

// CMYK of a usual kind (that of libvips) in sRGB.
[[nodiscard]] vips::VImage by_usual_cmyk(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_BY_PROFILE_H_
