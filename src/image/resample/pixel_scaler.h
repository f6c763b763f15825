// Makes a picture of interleaved pixels smaller, row by row as the rows come in.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PIXEL_SCALER_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PIXEL_SCALER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "image/resample/lanczos.h"
#include "image/resample/pixel_loops.h"

namespace imageserver {

// The bands of a row: 8 bits each, interleaved. Alpha, if there is any, is the last one, and is not
// multiplied into the others.
struct PixelBands {
  int count = 0;
  bool alpha = false;
};

// Lanczos in both dimensions. Where rows become fewer by a factor of 6 or more, means of whole rows
// are taken first. Weighted by alpha. Holds twice as many rows of the source as one row of the
// result is made of. Threads: one at a time.
class PixelScaler {
 public:
  // REQUIRES: 1 <= bands.count <= kMostBands; both axes become shorter, kMostFactor times at the
  // most, and forward; each pixel has a sample.
  PixelScaler(const PixelBands& bands, const Sampling& columns, const Sampling& rows,
              const PixelLoops& loops = pixel_loops());

  // Adds the next row of the source, from rows.low on: the pixels in [columns.low, columns.high).
  // REQUIRES: that many pixels; fewer than rows.high - rows.low rows were added.
  void add(const std::uint8_t* pixels);

  // The next row of the result; empty if the rows that it is made of were not all added yet. Valid
  // until the next call. REQUIRES: called after each add() until it returns an empty row.
  [[nodiscard]] std::span<const std::uint8_t> next();

  // The largest factor for which weights in fixed point are fine enough.
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

  std::vector<std::int16_t> window_;  // of room_ rows; the first is row first_ of the means
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
