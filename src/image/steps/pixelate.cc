#include "image/steps/pixelate.h"

#include <optional>
#include <vector>

#include "image/steps/alpha.h"

namespace imageserver {
namespace {

using vips::VImage;

// Pixels of a side that are blocks of that length; those that the edge cuts are shorter.
struct Blocks {
  int start;
  int pixels;
  int length;
};

std::vector<Blocks> blocks_along(int side, int length) {
  const int whole = side / length * length;
  std::vector<Blocks> blocks;
  if (whole > 0) blocks.push_back({0, whole, length});
  if (whole < side) blocks.push_back({whole, side - whole, side - whole});
  return blocks;
}

// The means of blocks side by side, a pixel for each.
VImage means_of_rows(const VImage& image, const Blocks& down, int size) {
  std::optional<VImage> row;
  for (const Blocks& across : blocks_along(image.width(), size)) {
    const VImage means = image.extract_area(across.start, down.start, across.pixels, down.pixels)
                             .shrink(across.length, down.length);
    row = row ? row->join(means, VIPS_DIRECTION_HORIZONTAL) : means;
  }
  return *row;
}

VImage in_blocks(const VImage& image, int size) {
  std::optional<VImage> all;
  for (const Blocks& down : blocks_along(image.height(), size)) {
    const VImage rows = means_of_rows(image, down, size);
    all = all ? all->join(rows, VIPS_DIRECTION_VERTICAL) : rows;
  }
  return all->zoom(size, size).extract_area(0, 0, image.width(), image.height());
}

}  // namespace

VImage pixelated(const VImage& image, int size) {
  return weighed_by_alpha(image,
                          [size](const VImage& weighed) { return in_blocks(weighed, size); });
}

}  // namespace imageserver
