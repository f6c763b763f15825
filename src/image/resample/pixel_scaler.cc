#include "image/resample/pixel_scaler.h"

#include <algorithm>
#include <cmath>

namespace imageserver {
namespace {

// The factor that means of rows leave at least to the kernel, so that they are not seen. The means
// bound the number of rows that are held.
constexpr int kLeftForKernel = 3;

int rows_in_a_mean(const Sampling& rows) {
  return std::max(1, static_cast<int>(rows.step / kLeftForKernel));
}

int length_of(const Sampling& sampling) { return sampling.high - sampling.low; }

// The sampling relative to its `low`, in units of `pixels` pixels.
Sampling in_units_of(int pixels, const Sampling& sampling) {
  Sampling result = sampling;
  result.first = (sampling.first - sampling.low + 0.5) / pixels - 0.5;
  result.step = sampling.step / pixels;
  result.low = 0;
  result.high = (length_of(sampling) + pixels - 1) / pixels;
  result.samples = result.high;
  return result;
}

std::size_t words_in(const PixelBands& bands, int pixels) {
  return static_cast<std::size_t>(bands.count) * static_cast<std::size_t>(pixels);
}

std::size_t padded(std::size_t words) {
  return (words + kWordLane - 1) / kWordLane * kWordLane + kWordLane;
}

// Rows in the window: twice the most that one row of the result is made of. When it is full, the
// rows that are still needed move to its beginning: each row is moved at most once.
int room_for(const Weights& down) {
  std::size_t most = 0;
  for (int i = 0; i < down.count(); ++i) most = std::max(most, down.taps(i).weights.size());
  return 2 * static_cast<int>(most);
}

std::uint8_t as_byte(float level) {
  return static_cast<std::uint8_t>(std::clamp(level + 0.5F, 0.0F, 255.0F));
}

}  // namespace

PixelScaler::PixelScaler(const PixelBands& bands, const Sampling& columns, const Sampling& rows,
                         const PixelLoops& loops)
    : bands_(bands),
      loops_(loops),
      in_a_mean_(rows_in_a_mean(rows)),
      source_rows_(length_of(rows)),
      across_(in_units_of(1, columns), 1, kPixelColumnLane),
      down_(in_units_of(in_a_mean_, rows), 1, kPixelRowLane),
      source_words_(words_in(bands, length_of(columns))),
      stride_(padded(source_words_)),
      room_(room_for(down_)),
      window_(stride_ * static_cast<std::size_t>(room_)),
      totals_(in_a_mean_ > 1 ? stride_ : 0),
      averaged_(stride_),
      words_(padded(words_in(bands, columns.count))),
      bytes_(words_in(bands, columns.count)) {}

std::int16_t* PixelScaler::row(int at) {
  return window_.data() + stride_ * static_cast<std::size_t>(at - first_);
}

// The place behind the rows that are held. Rows that are not needed any more make room for it.
std::int16_t* PixelScaler::vacant_row() {
  if (held_ == room_) {
    const int end = first_ + held_;
    const int needed = done_ < down_.count() ? std::min(down_.taps(done_).first, end) : end;
    std::copy(row(needed), window_.data() + window_.size(), window_.data());
    held_ -= needed - first_;
    first_ = needed;
  }
  return row(first_ + held_++);
}

void PixelScaler::take_in(const std::uint8_t* pixels, std::int16_t* words) const {
  const std::span<const std::uint8_t> bytes(pixels, source_words_);
  if (bands_.alpha) {
    loops_.weigh(bytes, bands_.count, words);
  } else {
    std::ranges::transform(bytes, words, [](std::uint8_t byte) {
      return static_cast<std::int16_t>(byte << kLevelBits);
    });
  }
}

void PixelScaler::store_mean() {
  constexpr float kHalf = 0.5;
  const float share = 1.0F / static_cast<float>(in_totals_);
  std::transform(totals_.begin(), totals_.begin() + static_cast<std::ptrdiff_t>(source_words_),
                 vacant_row(), [share](std::int32_t total) {
                   return static_cast<std::int16_t>(static_cast<float>(total) * share + kHalf);
                 });
  std::ranges::fill(totals_, 0);
  in_totals_ = 0;
}

void PixelScaler::add(const std::uint8_t* pixels) {
  ++added_;
  if (in_a_mean_ == 1) {
    take_in(pixels, vacant_row());
    return;
  }
  take_in(pixels, averaged_.data());
  for (std::size_t i = 0; i < source_words_; ++i) totals_[i] += averaged_[i];
  if (++in_totals_ == in_a_mean_ || added_ == source_rows_) store_mean();
}

std::span<const std::uint8_t> PixelScaler::next() {
  if (done_ == down_.count()) return {};
  const auto& [first, weights] = down_.taps(done_);
  const int there = first_ + held_ - first;
  if (there < static_cast<int>(weights.size()) && added_ < source_rows_) return {};
  const std::size_t lanes = stride_ - kWordLane;
  loops_.of_rows(row(first), stride_, there, weights, std::span(averaged_).first(lanes));
  loops_.of_columns(averaged_.data(), bands_.count, across_, words_.data());
  ++done_;
  write_bytes();
  return bytes_;
}

// Divides alpha out of the colours again. Alpha may be above 255, as colours may. A transparent
// pixel keeps its colour if it has one: lossy encoders mix it into visible pixels beside it.
void PixelScaler::write_bytes() {
  if (!bands_.alpha) {
    constexpr int kHalf = 1 << (kLevelBits - 1);
    std::transform(
        words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(bytes_.size()), bytes_.begin(),
        [](std::int16_t word) {
          return static_cast<std::uint8_t>(std::clamp((word + kHalf) >> kLevelBits, 0, 255));
        });
    return;
  }
  constexpr float kWhole = 255;
  constexpr float kProducts = 1 << kProductBits;
  const std::size_t last = static_cast<std::size_t>(bands_.count) - 1;
  for (std::size_t i = 0; i < bytes_.size(); i += last + 1) {
    const auto alpha = static_cast<float>(words_[i + last]);
    bytes_[i + last] = as_byte(alpha * (kProducts / kWhole));
    const float factor = alpha != 0 ? kWhole / alpha : 0;
    for (std::size_t band = 0; band < last; ++band) {
      bytes_[i + band] = as_byte(static_cast<float>(words_[i + band]) * factor);
    }
  }
}

}  // namespace imageserver
