#include "image/steps/shrink.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "image/resample/pixel_scaler.h"

namespace imageserver {
namespace {

using vips::VImage;

// libvips makes larger ones row by row, while they are encoded.
constexpr std::int64_t kMostPixels = 4'000'000;

// Bounds the rows that are held: 20 MB of RGBA, and 33 MB more where they come in tiles.
constexpr int kWidest = 32768;

// Rows that decoders give at once without more work: those of a block of a JPEG.
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
  // Else what follows would keep rows as if they came from top to bottom only.
  image.remove(VIPS_META_SEQUENTIAL);
  return image;
}

// What is rotated is made in tiles. Of a strip as wide as the picture it would make nearly all that
// lies below and above as well, strip after strip; so what it makes is kept until it was read.
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
    if (stop.stop_requested()) throw vips::VError("nobody waits for the picture any more");
    const int height = std::min(kStrip, rows.high - top);
    region.prepare(columns.low, top, columns.high - columns.low, height);
    for (int y = top; y < top + height; ++y) shrinking.add(region.addr(columns.low, y));
  }
  return shrinking.result();
}

}  // namespace imageserver
