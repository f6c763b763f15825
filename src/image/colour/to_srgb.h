// Converts pictures to sRGB or grey. Threads: any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_COLOUR_TO_SRGB_H_
#define IMAGESERVER_IMAGE_COLOUR_TO_SRGB_H_

#include <vips/vips8>

namespace imageserver {

// The picture in sRGB or grey. What space it is in is told by the first of these that there is:
//  1. its profile, if that fits the picture and can be used; by the intent "relative", or else the
//     first of "perceptual", "saturation" and "absolute" that the profile has;
//  2. its code points (cicp.h), if they are known (light_space.h);
//  3. its calibration (calibration.h), if that makes sense;
// and is CMYK of a usual kind or sRGB if there is none. HDR (PQ, HLG) is tone-mapped.
//
// Profile and notes are dropped. The result has 8 bits a band, one band for grey, three for colour,
// and alpha if there was alpha. Converting it again changes nothing. Lazy. Throws vips::VError.
// REQUIRES: 8 bits a band.
[[nodiscard]] vips::VImage to_srgb(const vips::VImage& image);

// The same for pictures of 8 or 16 bits a band, where it takes little time: some 10 ns a pixel. A
// picture whose conversion is_dear() stays as it is. So does one that needs no conversion.
[[nodiscard]] vips::VImage to_srgb_if_cheap(const vips::VImage& image);

// Whether conversion goes through tables of colours (CMYK, some profiles): some 100 ns a pixel, ten
// times as much as otherwise. Reads the header alone.
[[nodiscard]] bool is_dear(const vips::VImage& image);

// The picture without its profile and notes, for pixels that they no longer fit.
[[nodiscard]] vips::VImage without_marks(const vips::VImage& image);

// Whether to_srgb leaves the pixels as they are. Reads the header alone.
[[nodiscard]] bool is_srgb(const vips::VImage& image);

// The picture laid on white, without alpha. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage flatten_on_white(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_TO_SRGB_H_
