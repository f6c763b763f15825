// What happens to each pixel's colour by itself.

#ifndef IMAGESERVER_IMAGE_STEPS_TONE_H_
#define IMAGESERVER_IMAGE_STEPS_TONE_H_

#include <vips/vips8>

#include "params/transform_spec.h"

namespace imageserver {

// Whether anything below is asked.
[[nodiscard]] bool changes_tone(const TransformSpec& spec);

// In this order: `grayscale` (one band, by lightness); `brightness` (adds so many hundredths of
// white); `contrast` (multiplies the distance from middle grey by 1 plus so many hundredths);
// `saturation` (likewise the distance from the grey of the same luma, Rec. 709); `tint` (its hue
// and chroma in CIELAB for every pixel, which keeps its lightness). Alpha stays as it is. REQUIRES:
// sRGB or grey of 8 bits. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage toned(const vips::VImage& image, const TransformSpec& spec);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_TONE_H_
