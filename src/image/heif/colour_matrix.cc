#include "image/heif/colour_matrix.h"

#include <algorithm>

namespace imageserver {
namespace {

// How much of red and of blue is in luma.
struct Luma {
  double red;
  double blue;
};

struct LumaRow {
  int matrix;
  Luma luma;
};

// Table 4 of H.273.
constexpr auto kLumas = std::to_array<LumaRow>({
    {1, {0.2126, 0.0722}},
    {4, {0.30, 0.11}},
    {5, {0.299, 0.114}},
    {6, {0.299, 0.114}},
    {7, {0.212, 0.087}},
    {9, {0.2627, 0.0593}},
});

constexpr int kIdentity = 0;
constexpr int kYCgCo = 8;
constexpr int kDerived = 12;

struct Point {
  double x;
  double y;
};

struct PrimariesRow {
  int primaries;
  Point red;
  Point green;
  Point blue;
  Point white;
};

constexpr Point kD65{0.3127, 0.3290};
constexpr Point kC{0.310, 0.316};

// Table 2 of H.273.
constexpr auto kPrimaries = std::to_array<PrimariesRow>({
    {1, {0.640, 0.330}, {0.300, 0.600}, {0.150, 0.060}, kD65},
    {4, {0.67, 0.33}, {0.21, 0.71}, {0.14, 0.08}, kC},
    {5, {0.64, 0.33}, {0.29, 0.60}, {0.15, 0.06}, kD65},
    {6, {0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}, kD65},
    {7, {0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}, kD65},
    {8, {0.681, 0.319}, {0.243, 0.692}, {0.145, 0.049}, kC},
    {9, {0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}, kD65},
    {11, {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, {0.314, 0.351}},
    {12, {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, kD65},
    {22, {0.630, 0.340}, {0.295, 0.605}, {0.155, 0.077}, kD65},
});

// The share of `of` in white, where the other two primaries are `a` and `b`: light is a sum of
// primaries, each as bright as its share.
double share(Point of, Point a, Point b, Point white) {
  const auto area = [](Point p, Point q, Point r) {
    return p.x * (q.y - r.y) + q.x * (r.y - p.y) + r.x * (p.y - q.y);
  };
  return of.y / white.y * area(white, a, b) / area(of, a, b);
}

std::optional<Luma> luma_of(const HeifCoding& coding) {
  if (coding.matrix == kDerived) {
    const auto* const row =
        std::ranges::find(kPrimaries, coding.primaries, &PrimariesRow::primaries);
    if (row == kPrimaries.end()) return std::nullopt;
    return Luma{share(row->red, row->green, row->blue, row->white),
                share(row->blue, row->red, row->green, row->white)};
  }
  const int matrix = coding.matrix == 2 ? kUsualMatrix : coding.matrix;
  const auto* const row = std::ranges::find(kLumas, matrix, &LumaRow::matrix);
  if (row == kLumas.end()) return std::nullopt;
  return row->luma;
}

// From samples to numbers: of luma from 0 to 1, of chroma from -0.5 to 0.5.
struct Range {
  double luma_step;
  double luma_zero;
  double chroma_step;
  double chroma_zero;
};

Range range_of(bool full, int bits) {
  const double unit = 1 << (bits - 8);
  const double most = (1 << bits) - 1;
  if (full) return {1 / most, 0, 1 / most, 128 * unit};
  return {1 / (219 * unit), 16 * unit, 1 / (224 * unit), 128 * unit};
}

// Weights for numbers become weights for samples.
ChannelWeights for_samples(double y, double cb, double cr, const Range& range, int largest) {
  const double offset =
      -y * range.luma_step * range.luma_zero - (cb + cr) * range.chroma_step * range.chroma_zero;
  const auto scaled = [largest](double weight) { return static_cast<float>(weight * largest); };
  return {scaled(y * range.luma_step), scaled(cb * range.chroma_step),
          scaled(cr * range.chroma_step), scaled(offset)};
}

ColourMatrix matrix_by_luma(const Luma& luma, const Range& range, int largest) {
  const double red = 2 * (1 - luma.red);
  const double blue = 2 * (1 - luma.blue);
  const double green = 1 - luma.red - luma.blue;
  return {for_samples(1, 0, red, range, largest),
          for_samples(1, -blue * luma.blue / green, -red * luma.red / green, range, largest),
          for_samples(1, blue, 0, range, largest)};
}

// Cb and Cr stand for Cg and Co.
ColourMatrix matrix_of_ycgco(const Range& range, int largest) {
  return {for_samples(1, -1, 1, range, largest), for_samples(1, 1, 0, range, largest),
          for_samples(1, -1, -1, range, largest)};
}

// Y, Cb and Cr are green, blue and red, all in the range of luma.
ColourMatrix matrix_of_identity(bool full, int bits, int largest) {
  const ChannelWeights own = grey_weights(full, bits, largest);
  return {ChannelWeights{0, 0, own.y, own.offset}, ChannelWeights{own.y, 0, 0, own.offset},
          ChannelWeights{0, own.y, 0, own.offset}};
}

}  // namespace

std::optional<ColourMatrix> colour_matrix(const HeifCoding& coding, int bits, int largest) {
  const Range range = range_of(coding.full_range, bits);
  if (coding.matrix == kIdentity) return matrix_of_identity(coding.full_range, bits, largest);
  if (coding.matrix == kYCgCo) return matrix_of_ycgco(range, largest);
  const std::optional<Luma> luma = luma_of(coding);
  if (!luma) return std::nullopt;
  return matrix_by_luma(*luma, range, largest);
}

ChannelWeights grey_weights(bool full_range, int bits, int largest) {
  return for_samples(1, 0, 0, range_of(full_range, bits), largest);
}

}  // namespace imageserver
