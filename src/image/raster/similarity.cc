#include "image/raster/similarity.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace imageserver {
namespace {

// Windows are made of two by two blocks, so that each pixel is summed up once.
constexpr int kBlock = 4;

// (0.01 * 255)^2 and (0.03 * 255)^2.
constexpr double kC1 = 6.5025;
constexpr double kC2 = 58.5225;

// Sums over some pixels of both pictures. Exact: the types hold far more than 64 pixels need.
struct Sums {
  std::uint32_t pixels = 0;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t squares = 0;  // of both
  std::uint32_t products = 0;

  Sums& operator+=(const Sums& other) {
    pixels += other.pixels;
    a += other.a;
    b += other.b;
    squares += other.squares;
    products += other.products;
    return *this;
  }
};

// The formula with both fractions multiplied by the number of pixels squared: equal pictures have
// equal numerators and denominators to the last bit.
double similarity(const Sums& sums) {
  const double pixels = sums.pixels;
  const double a = sums.a;
  const double b = sums.b;
  const double c1 = kC1 * pixels * pixels;
  const double c2 = kC2 * pixels * pixels;
  const double variances = pixels * sums.squares - a * a - b * b;
  const double covariance = pixels * sums.products - a * b;
  return (2 * a * b + c1) * (2 * covariance + c2) / ((a * a + b * b + c1) * (variances + c2));
}

// As in JPEG, in 1/256, rounded: so that 16 bits are enough.
template <std::size_t kBands>
void colours_to_luma(const std::uint8_t* from, std::uint8_t* luma, std::size_t width) {
  for (std::size_t x = 0; x < width; ++x) {
    const std::uint8_t* const pixel = from + x * kBands;
    luma[x] =
        static_cast<std::uint8_t>((77U * pixel[0] + 150U * pixel[1] + 29U * pixel[2] + 128U) >> 8U);
  }
}

template <std::size_t kBands>
void greys_to_luma(const std::uint8_t* from, std::uint8_t* luma, std::size_t width) {
  for (std::size_t x = 0; x < width; ++x) luma[x] = from[x * kBands];
}

void read_luma(const RasterView& raster, int y, std::uint8_t* luma) {
  constexpr std::array kReaders = {greys_to_luma<1>, greys_to_luma<2>, colours_to_luma<3>,
                                   colours_to_luma<4>};
  const auto width = static_cast<std::size_t>(raster.size.width);
  const auto bands = static_cast<std::size_t>(raster.bands);
  const std::size_t at = static_cast<std::size_t>(y) * width * bands;
  kReaders[bands - 1](raster.pixels.data() + at, luma, width);
}

std::size_t blocks_along(int side) { return (static_cast<std::size_t>(side) - 1) / kBlock + 1; }

// Sums down the columns of one row of blocks: loops over them have no step that waits for the one
// before, so that compilers make vector code of them. What the last block has beyond the picture
// stays 0.
class Columns {
 public:
  explicit Columns(int width)
      : width_(static_cast<std::size_t>(width)), columns_(blocks_along(width) * kBlock) {}

  void sum_up(const RasterView& a, const RasterView& b, int first, int rows) {
    clear();
    rows_ = static_cast<std::size_t>(rows);
    for (int y = first; y < first + rows; ++y) {
      read_luma(a, y, luma_a_.data());
      read_luma(b, y, luma_b_.data());
      add_row();
    }
  }

  [[nodiscard]] Sums block(std::size_t place) const {
    const std::size_t first = place * kBlock;
    Sums sums;
    sums.pixels = static_cast<std::uint32_t>(rows_ * std::min<std::size_t>(kBlock, width_ - first));
    for (std::size_t x = first; x < first + kBlock; ++x) {
      sums.a += a_[x];
      sums.b += b_[x];
      sums.squares += squares_[x];
      sums.products += products_[x];
    }
    return sums;
  }

 private:
  void clear() {
    std::ranges::fill(a_, std::uint16_t{0});
    std::ranges::fill(b_, std::uint16_t{0});
    std::ranges::fill(squares_, 0U);
    std::ranges::fill(products_, 0U);
  }

  // Products of two bytes fit 16 bits, and vectors multiply twice as many of these.
  void add_row() {
    for (std::size_t x = 0; x < columns_; ++x) {
      const unsigned a = luma_a_[x];
      const unsigned b = luma_b_[x];
      a_[x] = static_cast<std::uint16_t>(a_[x] + a);
      b_[x] = static_cast<std::uint16_t>(b_[x] + b);
      squares_[x] += static_cast<std::uint16_t>(a * a);
      squares_[x] += static_cast<std::uint16_t>(b * b);
      products_[x] += static_cast<std::uint16_t>(a * b);
    }
  }

  std::size_t width_;
  std::size_t columns_;
  std::size_t rows_ = 0;
  std::vector<std::uint8_t> luma_a_ = std::vector<std::uint8_t>(columns_);
  std::vector<std::uint8_t> luma_b_ = luma_a_;
  std::vector<std::uint16_t> a_ = std::vector<std::uint16_t>(columns_);
  std::vector<std::uint16_t> b_ = a_;
  std::vector<std::uint32_t> squares_ = std::vector<std::uint32_t>(columns_);
  std::vector<std::uint32_t> products_ = squares_;
};

// Two rows of blocks, one above the other. Empty blocks add nothing to a window: there is one at
// the end of each row, and the upper row is empty where a picture has one row alone.
struct BlockRows {
  explicit BlockRows(std::size_t blocks) : upper(blocks + 1), lower(blocks + 1) {}

  void next(const Columns& columns) {
    std::swap(upper, lower);
    for (std::size_t i = 0; i + 1 < lower.size(); ++i) lower[i] = columns.block(i);
  }

  [[nodiscard]] Sums window(std::size_t left) const {
    Sums sums = upper[left];
    sums += upper[left + 1];
    sums += lower[left];
    sums += lower[left + 1];
    return sums;
  }

  std::vector<Sums> upper;
  std::vector<Sums> lower;
};

std::size_t windows_along(int side) { return std::max<std::size_t>(blocks_along(side), 2) - 1; }

}  // namespace

double structural_similarity(const RasterView& a, const RasterView& b) {
  const Size size = a.size;
  Columns columns(size.width);
  BlockRows rows(blocks_along(size.width));
  const std::size_t across = windows_along(size.width);
  double sum = 0;
  for (int y = 0; y < size.height; y += kBlock) {
    columns.sum_up(a, b, y, std::min(kBlock, size.height - y));
    rows.next(columns);
    if (y == 0 && size.height > kBlock) continue;
    for (std::size_t x = 0; x < across; ++x) sum += similarity(rows.window(x));
  }
  return sum / static_cast<double>(across * windows_along(size.height));
}

}  // namespace imageserver
