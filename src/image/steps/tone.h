// Tone filters, which change the colour of each pixel by itself.

#ifndef IMAGESERVER_IMAGE_STEPS_TONE_H_
#define IMAGESERVER_IMAGE_STEPS_TONE_H_

#include <vips/vips8>

#include "params/transform_spec.h"

namespace imageserver {

// Whether `spec` asks for any of them.
[[nodiscard]] bool changes_tone(const TransformSpec& spec);

// Those that `spec` asks for, in this order. `grayscale`: one band, by lightness. `brightness`:
// adds that many hundredths of white. `contrast`: multiplies the distance from middle grey by 1
// plus that many hundredths. `saturation`: likewise the distance from the grey of the same luma
// (Rec. 709). `tint`: every pixel gets its hue and chroma (CIELAB) and keeps its own lightness.
// Alpha stays as it is. REQUIRES: sRGB or grey of 8 bits. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage toned(const vips::VImage& image, const TransformSpec& spec);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_TONE_H_
