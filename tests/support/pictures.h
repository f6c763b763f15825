// Pictures to feed to transform() and ways to look at what comes out.

#ifndef IMAGESERVER_TESTS_SUPPORT_PICTURES_H_
#define IMAGESERVER_TESTS_SUPPORT_PICTURES_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>
#include <vips/vips8>

#include "image/transform.h"

namespace imageserver {

// For what a failed test says.
void PrintTo(const Error& error, std::ostream* out);

// Smooth hills of colour with some texture: something like a photograph. 8-bit sRGB.
vips::VImage photo(int width, int height);

// One colour, as many bands as values.
vips::VImage plain(int width, int height, const std::vector<double>& colour);

// Four quarters: red, green; blue, white.
vips::VImage quarters(int width, int height);

// Stored so that with this orientation, which it says, it is seen as `seen`.
vips::VImage stored_as(const vips::VImage& seen, int orientation);

// The same as a file, in JPEG, PNG or WebP.
Bytes turned_file(const vips::VImage& seen, int orientation, Format format);

// The frames one below the other, with those delays (ms) and that loop count.
vips::VImage roll(const std::vector<vips::VImage>& frames, const std::vector<int>& delays,
                  int loop);

// Written by libvips (BMP by our own codec) with metadata and nearly without loss (GIF: but for its
// palette).
Bytes encoded(const vips::VImage& image, Format format);

// What AVIF is with HEVC inside.
Bytes heic(const vips::VImage& image);
Bytes to_bytes(VipsBlob* blob);

// All frames, read by libvips (BMP by our own codec).
vips::VImage decoded(const Bytes& bytes, Format format);
vips::VImage decoded(const Image& image);

// Root mean square of the differences, in levels of 255, as sRGB on white. Fails the test if the
// sizes differ.
double distance(const vips::VImage& a, const vips::VImage& b);

// The mean colour of a part.
std::vector<double> colour_at(const vips::VImage& image, int left, int top, int width, int height);

Bytes read_testdata(const std::string& name);

// The nine points of a picture by their names' letters: "c", "n", "ne", ...
Gravity gravity_of(std::string_view name);
extern const std::vector<std::string> kGravities;

// What is usual but for the limits.
TransformContext limited_to(const ImageLimits& limits);

class TransformTest : public ::testing::Test {
 protected:
  // The result; fails the test and returns null if there is none.
  static ImagePtr make(const Bytes& source, const TransformSpec& spec,
                       const TransformContext& context = {}, const Bytes& watermark = {});

  static Error error_of(const Bytes& source, const TransformSpec& spec,
                        const TransformContext& context = {}, const Bytes& watermark = {});

  // The picture's pixels from PNG to TIFF, which keeps all bands that there are, or to the format
  // that `spec` names.
  static vips::VImage through(const vips::VImage& picture, TransformSpec spec,
                              const Bytes& watermark = {});

  static TransformSpec sized(int width, int height, Mode mode = Mode::kStretch);
  static TransformSpec as(Format format);
};

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_SUPPORT_PICTURES_H_
