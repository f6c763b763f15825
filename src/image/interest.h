// Cuts that follow what is in a picture.

#ifndef IMAGESERVER_IMAGE_INTEREST_H_
#define IMAGESERVER_IMAGE_INTEREST_H_

#include <stop_token>
#include <vips/vips8>

#include "image/geometry.h"
#include "imageserver/params.h"

namespace imageserver {

// Where in the picture the part of that size lies that draws the eye (kSmart: skin, saturated
// colour and edges), or that holds the most detail (kEntropy). Evaluates the picture, which must be
// in memory; fails soon after `stop` is requested. REQUIRES: the picture is at least that large.
// Throws vips::VError.
[[nodiscard]] Box interesting_part(const vips::VImage& image, Size size, Gravity::Kind kind,
                                   const std::stop_token& stop = {});

// Without its border: the smallest part that holds everything further than `threshold` (levels of
// 255) from the colour of the first pixel; of a picture that is all border, all. Evaluates the
// picture, which must be in memory; fails soon after `stop` is requested. Throws vips::VError.
[[nodiscard]] Box without_border(const vips::VImage& image, double threshold,
                                 const std::stop_token& stop = {});

// The smallest box that holds both.
[[nodiscard]] Box united(const Box& a, const Box& b);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_INTEREST_H_
