// Pixels, all bands of them at once, are made fewer as they come, row by row.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PIXEL_SCALER_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PIXEL_SCALER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "image/resample/lanczos.h"
#include "image/resample/pixel_loops.h"

namespace imageserver {

// What a row is made of: 8 bits a band, bands side by side; with alpha the last of them, which is
// not multiplied in.
struct PixelBands {
  int count = 0;
  bool alpha = false;
};

// Columns by Lanczos; rows too, after a mean of whole rows where they become fewer by 6 or more.
// What is seen through takes no part in a colour. Holds the rows of the source that one row of the
// result is made of, twice. Not for several threads at once.
class PixelScaler {
 public:
  // REQUIRES: 1 <= bands.count <= kMostBands; both axes become shorter, kMostFactor times at the
  // most, and forward; each pixel has a sample.
  PixelScaler(const PixelBands& bands, const Sampling& columns, const Sampling& rows,
              const PixelLoops& loops = pixel_loops());

  // The next row of the source, from rows.low on, of the pixels in [columns.low, columns.high).
  // REQUIRES: so many bytes; fewer than rows.high - rows.low were added.
  void add(const std::uint8_t* pixels);

  // The next row of the result as soon as all that it is made of was added, and else nothing. It is
  // there until the next call. REQUIRES: called after each add() until nothing comes of it.
  [[nodiscard]] std::span<const std::uint8_t> next();

  // Beyond that the weights, in fixed point, would be too coarse.
  static constexpr int kMostFactor = 256;

 private:
  [[nodiscard]] std::int16_t* row(int at);
  [[nodiscard]] std::int16_t* vacant_row();
  void take_in(const std::uint8_t* pixels, std::int16_t* words) const;
  void store_mean();
  void write_bytes();

  const PixelBands bands_;
  const PixelLoops& loops_;
  const int in_a_mean_;
  const int source_rows_;
  const Weights across_;
  const Weights down_;
  const std::size_t source_words_;
  const std::size_t stride_;
  const int room_;

  std::vector<std::int16_t> window_;  // of room_ rows, the first of which is row first_ of means
  int first_ = 0;
  int held_ = 0;
  int added_ = 0;
  int done_ = 0;
  std::vector<std::int32_t> totals_;
  int in_totals_ = 0;
  std::vector<std::int16_t> averaged_;
  std::vector<std::int16_t> words_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PIXEL_SCALER_H_
