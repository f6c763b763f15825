#include "image/raster/dominant_colour.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace imageserver {
namespace {

constexpr int kSide = 16;             // cells along each colour
constexpr int kLevels = 256 / kSide;  // of a colour, in one cell
constexpr std::size_t kCells = std::size_t{kSide} * kSide * kSide;

// Pixels of one cell or more, each times its weight.
struct Cell {
  std::uint64_t weight = 0;
  std::uint64_t red = 0;
  std::uint64_t green = 0;
  std::uint64_t blue = 0;

  Cell& operator+=(const Cell& other) {
    weight += other.weight;
    red += other.red;
    green += other.green;
    blue += other.blue;
    return *this;
  }
};

Cell as_cell(const std::uint8_t* pixel, std::size_t bands) {
  const std::uint64_t weight = bands % 2 == 0 ? pixel[bands - 1] : 255;
  const std::size_t green = bands < 3 ? 0 : 1;
  const std::size_t blue = bands < 3 ? 0 : 2;
  return {weight, weight * pixel[0], weight * pixel[green], weight * pixel[blue]};
}

std::size_t place(int red, int green, int blue) {
  return (static_cast<std::size_t>(red) * kSide + static_cast<std::size_t>(green)) * kSide +
         static_cast<std::size_t>(blue);
}

// Cells along one colour, both ends inside.
struct Range {
  int first = 0;
  int last = 0;
};

Range around(int cell) { return {std::max(cell - 1, 0), std::min(cell + 1, kSide - 1)}; }

class Histogram {
 public:
  explicit Histogram(const RasterView& raster) {
    const auto bands = static_cast<std::size_t>(raster.bands);
    const std::size_t green = bands < 3 ? 0 : 1;
    const std::size_t blue = bands < 3 ? 0 : 2;
    for (std::size_t at = 0; at < raster.pixels.size(); at += bands) {
      const std::uint8_t* const pixel = &raster.pixels[at];
      cells_[place(pixel[0] / kLevels, pixel[green] / kLevels, pixel[blue] / kLevels)] +=
          as_cell(pixel, bands);
    }
  }

  // The sum over the fullest cell and its neighbours. Of equally full cells it takes the one whose
  // own pixels weigh most, as that lies in the middle of its colours; of these the first.
  [[nodiscard]] Cell fullest() const {
    Cell best;
    std::uint64_t best_own = 0;
    for (std::size_t i = 0; i < kCells; ++i) {
      const std::uint64_t own = cells_[i].weight;
      if (own == 0) continue;
      const Cell sum = neighbourhood(static_cast<int>(i));
      if (std::pair(sum.weight, own) <= std::pair(best.weight, best_own)) continue;
      best = sum;
      best_own = own;
    }
    return best;
  }

 private:
  [[nodiscard]] Cell neighbourhood(int middle) const {
    const Range reds = around(middle / (kSide * kSide));
    const Range greens = around(middle / kSide % kSide);
    const Range blues = around(middle % kSide);
    Cell sum;
    for (int red = reds.first; red <= reds.last; ++red) {
      for (int green = greens.first; green <= greens.last; ++green) {
        for (int blue = blues.first; blue <= blues.last; ++blue)
          sum += cells_[place(red, green, blue)];
      }
    }
    return sum;
  }

  std::vector<Cell> cells_ = std::vector<Cell>(kCells);
};

std::uint8_t mean(std::uint64_t sum, std::uint64_t weight) {
  return static_cast<std::uint8_t>((sum + weight / 2) / weight);
}

}  // namespace

Colour dominant_colour(const RasterView& raster) {
  const Cell cell = Histogram(raster).fullest();
  if (cell.weight == 0) return {};
  return {mean(cell.red, cell.weight), mean(cell.green, cell.weight), mean(cell.blue, cell.weight)};
}

}  // namespace imageserver
