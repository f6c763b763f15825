// Pictures to feed to transform() and ways to look at what comes out.

#ifndef IMAGESERVER_TESTS_IMAGE_PICTURES_H_
#define IMAGESERVER_TESTS_IMAGE_PICTURES_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>
#include <vips/vips8>

#include "image/transform.h"

namespace imageserver {

// Smooth hills of colour with some texture: something like a photograph. 8-bit sRGB.
vips::VImage photo(int width, int height);

// One colour, as many bands as values.
vips::VImage plain(int width, int height, const std::vector<double>& colour);

// Four quarters: red, green; blue, white.
vips::VImage quarters(int width, int height);

// The frames one below the other, with those delays (ms) and that loop count.
vips::VImage roll(const std::vector<vips::VImage>& frames, const std::vector<int>& delays,
                  int loop);

// Written by libvips with metadata and nearly without loss (GIF: but for its palette).
Bytes encoded(const vips::VImage& image, Format format);
Bytes to_bytes(VipsBlob* blob);

// All frames, read by libvips.
vips::VImage decoded(const Bytes& bytes, Format format);
vips::VImage decoded(const Image& image);

// Root mean square of the differences, in levels of 255, as sRGB on white. Fails the test if the
// sizes differ.
double distance(const vips::VImage& a, const vips::VImage& b);

// The mean colour of a part.
std::vector<double> colour_at(const vips::VImage& image, int left, int top, int width, int height);

Bytes read_testdata(const std::string& name);

class TransformTest : public ::testing::Test {
 protected:
  // The result; fails the test and returns null if there is none.
  ImagePtr make(const Bytes& source, const TransformSpec& spec);

  Error error_of(const Bytes& source, const TransformSpec& spec, const ImageLimits& limits = {});

  static TransformSpec sized(int width, int height, Mode mode = Mode::kStretch);
  static TransformSpec as(Format format);
};

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_IMAGE_PICTURES_H_
