// Tone filters, which change the colour of each pixel by itself. Threads: any, each with pictures
// of its own.

#ifndef IMAGESERVER_IMAGE_STEPS_TONE_H_
#define IMAGESERVER_IMAGE_STEPS_TONE_H_

#include <vips/vips8>

#include "params/transform_spec.h"

namespace imageserver {

// Whether `spec` asks for any tone filter.
[[nodiscard]] bool changes_tone(const TransformSpec& spec);

// The picture after the tone filters that `spec` asks for, in this order. `grayscale`: one band, by
// lightness. `brightness`: adds that many hundredths of white. `contrast`: multiplies the distance
// from middle grey by 1 plus that many hundredths. `saturation`: multiplies the distance from the
// grey of the same luma (Rec. 709) likewise. `tint`: every pixel gets the hue and the chroma of the
// tint (CIELAB) and keeps its own lightness. Alpha stays as it is. REQUIRES: sRGB or grey of 8
// bits. Lazy. Throws vips::VError.
[[nodiscard]] vips::VImage toned(const vips::VImage& image, const TransformSpec& spec);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_TONE_H_
