// Pixelates a picture: draws it in blocks of one colour each. Threads: any, each with pictures of
// its own.

#ifndef IMAGESERVER_IMAGE_STEPS_PIXELATE_H_
#define IMAGESERVER_IMAGE_STEPS_PIXELATE_H_

#include <vips/vips8>

namespace imageserver {

// Squares of `size` pixels, counted from the left and the top, each in the mean colour of its
// pixels, weighted by their alpha. The right and the bottom edge cut the last squares off. Keeps
// the size. Lazy. Throws vips::VError. REQUIRES: 8 bits a band; `size` is positive.
[[nodiscard]] vips::VImage pixelated(const vips::VImage& image, int size);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_STEPS_PIXELATE_H_
