// Profiles that say what everybody takes for granted without one.

#ifndef IMAGESERVER_IMAGE_COLOUR_SRGB_PROFILE_H_
#define IMAGESERVER_IMAGE_COLOUR_SRGB_PROFILE_H_

#include <string_view>

namespace imageserver {

// Whether a profile (ICC.1) is one of sRGB (IEC 61966-2-1), by what it does and not by its name: a
// display of red, green and blue by a matrix and three curves, each of which gives every level of
// 255 the light that sRGB gives it, to within half a level, with the colours of sRGB's primaries.
// False where there is any doubt: of what is damaged, large, or has tables for whole colours, which
// go before the matrix.
//
// Takes some 50 us, and of a hostile profile little more. Threads: any.
[[nodiscard]] bool is_srgb_profile(std::string_view profile);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_SRGB_PROFILE_H_
