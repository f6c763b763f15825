// The sRGB curve (IEC 61966-2-1).

#ifndef IMAGESERVER_IMAGE_COLOUR_SRGB_CURVE_H_
#define IMAGESERVER_IMAGE_COLOUR_SRGB_CURVE_H_

namespace imageserver {

// The light of an encoded value, both from 0 to 1. The curve goes on below 0 and above 1.
// Threads: any; the same holds below.
[[nodiscard]] double light_of_srgb(double value);

// The encoded value of a light.
[[nodiscard]] double srgb_of_light(double light);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_SRGB_CURVE_H_
