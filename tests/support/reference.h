// What results are held against: arithmetic in doubles, written straight down, and distances.

#ifndef IMAGESERVER_TESTS_SUPPORT_REFERENCE_H_
#define IMAGESERVER_TESTS_SUPPORT_REFERENCE_H_

#include <functional>
#include <vector>
#include <vips/vips8>

#include "image/plan/geometry.h"
#include "params/transform_spec.h"

namespace imageserver {

// A picture in doubles, bands interleaved, levels of 255.
struct Plane {
  Size size;
  int bands = 0;
  std::vector<double> values;

  [[nodiscard]] double& at(int x, int y, int band);
  [[nodiscard]] double at(int x, int y, int band) const;

  // The value at the nearest edge for what lies outside.
  [[nodiscard]] double clamped(int x, int y, int band) const;
};

Plane blank(Size size, int bands);
Plane plane_of(const vips::VImage& image);

// Rounded to bytes; grey or sRGB.
vips::VImage image_of(const Plane& plane);

// Each value by itself; `change` also gets the band.
Plane changed(const Plane& plane, const std::function<double(double, int)>& change);

// With the last band multiplied into the others, and the other way round.
Plane premultiplied(const Plane& plane);
Plane unpremultiplied(const Plane& plane);

// Convolved with the kernel (Lanczos of 3 lobes, Catmull-Rom, a triangle, a box), stretched where
// the picture shrinks; edges are repeated.
Plane resampled(const Plane& plane, Size size, Resampling resampling);

// Convolved with a Gaussian out to 5 sigma; edges are repeated.
Plane gauss(const Plane& plane, double sigma);

// Counter-clockwise about the middle, in a box of that size; nothing (0) outside.
Plane turned_by(const Plane& plane, double degrees, Size box, Interpolation interpolation);

// The curve of sRGB (IEC 61966-2-1); levels of 255 on both sides.
double light_of(double level);
double level_of(double light);

struct Distance {
  double mean = 0;
  double most = 0;
};

// Of bytes, band by band; fails the test if sizes or bands differ.
Distance levels_between(const vips::VImage& a, const vips::VImage& b);

// Of bytes as they look on white and on black, whichever is further: what is nearly seen through
// has hardly a colour.
Distance looks_apart(const vips::VImage& a, const vips::VImage& b);

// CIEDE2000, on white.
Distance delta_e(const vips::VImage& a, const vips::VImage& b);

// structural_similarity, on white.
double similarity_between(const vips::VImage& a, const vips::VImage& b);

void PrintTo(const Distance& distance, std::ostream* out);

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_SUPPORT_REFERENCE_H_
