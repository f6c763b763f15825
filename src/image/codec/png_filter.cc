#include "image/codec/png_filter.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <span>

namespace imageserver {
namespace {

// A row and the one above it, both with a margin of zeros before them. Compilers make vector code
// of the loops below, for which the addresses come by value: bytes that are written could be part
// of anything else.
struct Rows {
  const std::uint8_t* row;
  const std::uint8_t* above;
  std::size_t each;  // bytes from one pixel to the next
  std::size_t size;
};

using Filter = void (*)(Rows rows, std::uint8_t* out);

void none(Rows rows, std::uint8_t* out) { std::copy_n(rows.row, rows.size, out); }

void sub(Rows rows, std::uint8_t* out) {
  const std::uint8_t* const left = rows.row - rows.each;
  for (std::size_t i = 0; i < rows.size; ++i) {
    out[i] = static_cast<std::uint8_t>(rows.row[i] - left[i]);
  }
}

void up(Rows rows, std::uint8_t* out) {
  for (std::size_t i = 0; i < rows.size; ++i) {
    out[i] = static_cast<std::uint8_t>(rows.row[i] - rows.above[i]);
  }
}

void average(Rows rows, std::uint8_t* out) {
  const std::uint8_t* const left = rows.row - rows.each;
  for (std::size_t i = 0; i < rows.size; ++i) {
    out[i] = static_cast<std::uint8_t>(rows.row[i] - (left[i] + rows.above[i]) / 2);
  }
}

// In 16 bits, of which vectors hold twice as many.
std::int16_t apart(std::int16_t a, std::int16_t b) {
  return static_cast<std::int16_t>(a < b ? b - a : a - b);
}

void paeth(Rows rows, std::uint8_t* out) {
  const std::uint8_t* const left = rows.row - rows.each;
  const std::uint8_t* const corner = rows.above - rows.each;
  for (std::size_t i = 0; i < rows.size; ++i) {
    const std::int16_t a = left[i];
    const std::int16_t b = rows.above[i];
    const std::int16_t c = corner[i];
    const std::int16_t from_a = apart(b, c);
    const std::int16_t from_b = apart(a, c);
    const std::int16_t from_c =
        apart(static_cast<std::int16_t>(a + b), static_cast<std::int16_t>(2 * c));
    const std::int16_t b_or_c = from_b <= from_c ? b : c;
    const std::int16_t nearest = from_a <= std::min(from_b, from_c) ? a : b_or_c;
    out[i] = static_cast<std::uint8_t>(rows.row[i] - nearest);
  }
}

// By their numbers.
constexpr auto kFilters = std::to_array<Filter>({none, sub, up, average, paeth});

// The sum of absolute differences, where 255 is -1.
std::uint32_t sum_of(std::span<const std::uint8_t> differences) {
  std::uint32_t sum = 0;
  for (const std::uint8_t byte : differences) {
    sum += static_cast<std::uint32_t>(std::abs(static_cast<std::int8_t>(byte)));
  }
  return sum;
}

// Holds the row in each filter.
class Candidates {
 public:
  explicit Candidates(std::size_t row_bytes)
      : row_bytes_(row_bytes), bytes_(row_bytes * kFilters.size()) {}

  // The smallest, with its number before it.
  void append_smallest(const Rows& rows, std::vector<std::uint8_t>& out) {
    std::array<std::uint32_t, kFilters.size()> sums{};
    for (std::size_t i = 0; i < kFilters.size(); ++i) {
      kFilters[i](rows, of(i).data());
      sums.at(i) = sum_of(of(i));
    }
    const auto best = static_cast<std::size_t>(std::ranges::min_element(sums) - sums.begin());
    out.push_back(static_cast<std::uint8_t>(best));
    out.insert(out.end(), of(best).begin(), of(best).end());
  }

 private:
  [[nodiscard]] std::span<std::uint8_t> of(std::size_t filter) {
    return std::span(bytes_).subspan(filter * row_bytes_, row_bytes_);
  }

  std::size_t row_bytes_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace

std::vector<std::uint8_t> filtered(const PngPixels& pixels, int first, int rows,
                                   PngFilters filters) {
  const std::size_t size = pixels.row_bytes;
  std::vector<std::uint8_t> out;
  out.reserve((size + 1) * static_cast<std::size_t>(rows));
  Candidates candidates(filters == PngFilters::kNone ? 0 : size);
  const std::vector<std::uint8_t> nothing(PngPixels::kMargin + size);
  for (int y = first; y < first + rows; ++y) {
    const std::uint8_t* const row = pixels.row(y);
    if (filters == PngFilters::kNone) {
      out.push_back(0);
      out.insert(out.end(), row, row + size);
      continue;
    }
    const std::uint8_t* const above =
        y == 0 ? nothing.data() + PngPixels::kMargin : pixels.row(y - 1);
    candidates.append_smallest({row, above, pixels.pixel_bytes(), size}, out);
  }
  return out;
}

}  // namespace imageserver
