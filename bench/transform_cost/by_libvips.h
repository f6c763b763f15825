// What somebody writes who has libvips and no image server: one function a transform, each with the
// operations that its result needs, written straight down, and the options with which we save.

#ifndef IMAGESERVER_BENCH_TRANSFORM_COST_BY_LIBVIPS_H_
#define IMAGESERVER_BENCH_TRANSFORM_COST_BY_LIBVIPS_H_

#include <cstddef>

#include "base/bytes.h"

namespace imageserver::bench {

// What a function is made from. The mark is that of the watermark.
struct Material {
  const Bytes& source;
  const Bytes& mark;
};

// Makes the picture and throws it away; returns its size in bytes. Throws vips::VError.
using ByLibvips = std::size_t (*)(const Material& material);

std::size_t thumbnail_100(const Material& material);
std::size_t thumbnail_500(const Material& material);
std::size_t stretched(const Material& material);
std::size_t fitted(const Material& material);
std::size_t filled(const Material& material);
std::size_t filled_smartly(const Material& material);
std::size_t padded(const Material& material);
std::size_t inside(const Material& material);
std::size_t covering(const Material& material);
std::size_t enlarged(const Material& material);
std::size_t in_linear_light(const Material& material);

std::size_t cropped(const Material& material);
std::size_t cropped_and_resized(const Material& material);
std::size_t quarter_turned(const Material& material);
std::size_t flipped_across(const Material& material);
std::size_t flipped_down(const Material& material);
std::size_t rotated_on_white(const Material& material);
std::size_t rotated_and_resized_on_white(const Material& material);
std::size_t rotated_and_resized_a_little(const Material& material);
std::size_t rotated_and_resized_in_linear_light(const Material& material);
std::size_t rotated_transparent(const Material& material);
std::size_t trimmed(const Material& material);

std::size_t blurred(const Material& material);
std::size_t sharpened(const Material& material);
std::size_t pixelated(const Material& material);
std::size_t grey(const Material& material);
std::size_t toned(const Material& material);
std::size_t tinted(const Material& material);
std::size_t watermarked(const Material& material);
std::size_t rounded(const Material& material);

std::size_t alpha_resized(const Material& material);
std::size_t alpha_on_white(const Material& material);
std::size_t as_png(const Material& material);
std::size_t with_16_colours(const Material& material);
std::size_t as_webp(const Material& material);
std::size_t as_avif(const Material& material);
std::size_t as_tiff(const Material& material);
std::size_t as_animated_gif(const Material& material);
std::size_t as_animated_webp(const Material& material);

}  // namespace imageserver::bench

#endif  // IMAGESERVER_BENCH_TRANSFORM_COST_BY_LIBVIPS_H_
