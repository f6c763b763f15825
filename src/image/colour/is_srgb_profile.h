// Recognises ICC profiles that are sRGB.

#ifndef IMAGESERVER_IMAGE_COLOUR_IS_SRGB_PROFILE_H_
#define IMAGESERVER_IMAGE_COLOUR_IS_SRGB_PROFILE_H_

#include <string_view>

namespace imageserver {

// Whether a profile (ICC.1) is one of sRGB (IEC 61966-2-1), by what it does and not by its name. It
// must be an RGB display profile of a matrix and three curves. Each curve must give every level of
// 255 the light that sRGB gives it, to within half a level; the primaries must be sRGB's. False if
// in doubt: for a profile that is damaged, is large, or has tables for whole colours, which would
// count before the matrix.
//
// Takes some 50 us, and little more for a hostile profile. Threads: any.
[[nodiscard]] bool is_srgb_profile(std::string_view profile);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_IS_SRGB_PROFILE_H_
