#include "image/steps/shrink.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/cancelled.h"
#include "image/resample/pixel_scaler.h"

namespace imageserver {
namespace {

using vips::VImage;

// Of a result. Larger ones are left to libvips, which makes them row by row while they are encoded.
constexpr std::int64_t kMostPixels = 4'000'000;

// Pixels a row. Bounds the memory for rows: 20 MB of RGBA, and 33 MB more where they come in tiles.
constexpr int kWidest = 32768;

// Rows that are read at a time: as many as a block of a JPEG has.
constexpr int kStrip = 16;

bool becomes_shorter(const Sampling& axis) {
  return axis.step >= 1 && axis.step <= PixelScaler::kMostFactor;
}

VImage blank(const VImage& like, int width, int height) {
  VImage image = VImage::new_memory();
  VipsImage* const raw = image.get_image();
  if (vips_image_pipelinev(raw, VIPS_DEMAND_STYLE_ANY, like.get_image(), nullptr) != 0) {
    throw vips::VError();
  }
  raw->Xsize = width;
  raw->Ysize = height;
  // Later operations would otherwise keep rows, as if they came from top to bottom only.
  image.remove(VIPS_META_SEQUENTIAL);
  return image;
}

// libvips makes a rotated picture in square tiles, and for one strip it computes tiles that reach
// far above and below it. Keeps the tiles, so that the next strip does not compute them again.
VImage kept_in_tiles(const VImage& image) {
  constexpr int kSide = 128;
  if (image.get_image()->dhint != VIPS_DEMAND_STYLE_SMALLTILE) return image;
  const int tiles_a_row = image.width() / kSide + 2;
  return image.tilecache(VImage::option()
                             ->set("tile_width", kSide)
                             ->set("tile_height", kSide)
                             ->set("max_tiles", 2 * tiles_a_row));
}

// Rows are written as they are finished.
class Shrinking {
 public:
  Shrinking(const VImage& image, const Sampling& columns, const Sampling& rows)
      : scaler_({image.bands(), image.has_alpha()}, columns, rows),
        result_(blank(image, columns.count, rows.count)) {}

  void add(std::uint8_t* pixels) {
    scaler_.add(pixels);
    for (auto row = scaler_.next(); !row.empty(); row = scaler_.next()) write(row);
  }

  [[nodiscard]] bool is_done() const { return written_ == result_.height(); }
  [[nodiscard]] VImage result() const { return result_; }

 private:
  // libvips takes no pointers to const, and only reads.
  void write(std::span<const std::uint8_t> row) {
    auto* const pixels = const_cast<std::uint8_t*>(row.data());
    if (vips_image_write_line(result_.get_image(), written_++, pixels) != 0) throw vips::VError();
  }

  PixelScaler scaler_;
  const VImage result_;
  int written_ = 0;
};

}  // namespace

bool can_shrink(const VImage& image, const Sampling& columns, const Sampling& rows) {
  return image.format() == VIPS_FORMAT_UCHAR && image.coding() == VIPS_CODING_NONE &&
         image.bands() <= kMostBands && columns.high - columns.low <= kWidest &&
         becomes_shorter(columns) && becomes_shorter(rows) &&
         std::int64_t{columns.count} * rows.count <= kMostPixels;
}

VImage shrink(const VImage& image, const Sampling& columns, const Sampling& rows,
              const std::stop_token& stop) {
  Shrinking shrinking(image, columns, rows);
  const vips::VRegion region = vips::VRegion::new_from_image(kept_in_tiles(image));
  for (int top = rows.low; top < rows.high && !shrinking.is_done(); top += kStrip) {
    if (stop.stop_requested()) throw vips::VError(cancelled().message);
    const int height = std::min(kStrip, rows.high - top);
    region.prepare(columns.low, top, columns.high - columns.low, height);
    for (int y = top; y < top + height; ++y) shrinking.add(region.addr(columns.low, y));
  }
  return shrinking.result();
}

}  // namespace imageserver
