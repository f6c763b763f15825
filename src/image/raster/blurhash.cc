#include "image/raster/blurhash.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <string_view>
#include <vector>

#include "image/colour/srgb_curve.h"

namespace imageserver {
namespace {

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

// Red, green and blue in linear light: of a pixel, or of one frequency.
using Rgb = std::array<double, 3>;

void append_number(std::string& out, int number, int digits) {
  const std::size_t end = out.size() + static_cast<std::size_t>(digits);
  out.resize(end);
  for (std::size_t i = end; i > end - static_cast<std::size_t>(digits); --i) {
    out[i - 1] = kDigits[static_cast<std::size_t>(number) % kDigits.size()];
    number /= static_cast<int>(kDigits.size());
  }
}

std::array<double, 256> linear_table() {
  std::array<double, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = light_of_srgb(static_cast<double>(i) / 255);
  return table;
}

void add(Rgb& to, const Rgb& colour, double weight) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += weight * colour[i];
}

// The waves along one side: at [place * count + frequency].
class Waves {
 public:
  Waves(int side, int count) : count_(static_cast<std::size_t>(count)) {
    for (int place = 0; place < side; ++place) {
      for (int frequency = 0; frequency < count; ++frequency)
        values_.push_back(std::cos(std::numbers::pi * frequency * place / side));
    }
  }

  [[nodiscard]] std::span<const double> at(int place) const {
    return std::span(values_).subspan(static_cast<std::size_t>(place) * count_, count_);
  }

 private:
  std::size_t count_;
  std::vector<double> values_;
};

class RowReader {
 public:
  explicit RowReader(const RasterView& raster) : raster_(raster) {}

  [[nodiscard]] Rgb pixel(int x, int y) const {
    const auto bands = static_cast<std::size_t>(raster_.bands);
    const std::size_t at = static_cast<std::size_t>(y) * static_cast<unsigned>(raster_.size.width) +
                           static_cast<unsigned>(x);
    const std::uint8_t* const from = raster_.pixels.data() + at * bands;
    if (bands < 3) return {table_[from[0]], table_[from[0]], table_[from[0]]};
    return {table_[from[0]], table_[from[1]], table_[from[2]]};
  }

 private:
  RasterView raster_;
  std::array<double, 256> table_ = linear_table();
};

// A row's frequencies across, at first, then all rows' down: [down * across + across].
std::vector<Rgb> frequencies(const RasterView& raster, int across, int down) {
  const RowReader reader(raster);
  const Waves waves_across(raster.size.width, across);
  const Waves waves_down(raster.size.height, down);
  const auto columns = static_cast<std::size_t>(across);
  std::vector<Rgb> all(columns * static_cast<std::size_t>(down));
  for (int y = 0; y < raster.size.height; ++y) {
    std::vector<Rgb> row(columns);
    for (int x = 0; x < raster.size.width; ++x) {
      const Rgb pixel = reader.pixel(x, y);
      const auto waves = waves_across.at(x);
      for (std::size_t i = 0; i < columns; ++i) add(row[i], pixel, waves[i]);
    }
    const auto waves = waves_down.at(y);
    for (std::size_t i = 0; i < all.size(); ++i) add(all[i], row[i % columns], waves[i / columns]);
  }
  return all;
}

// The frequencies as amplitudes; the first is the mean.
std::vector<Rgb> components(const RasterView& raster, int across, int down) {
  std::vector<Rgb> all = frequencies(raster, across, down);
  const double pixels = static_cast<double>(raster.size.width) * raster.size.height;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (double& value : all[i]) value *= (i == 0 ? 1 : 2) / pixels;
  }
  return all;
}

double largest(std::span<const Rgb> amplitudes) {
  double largest = 0;
  for (const Rgb& amplitude : amplitudes) {
    for (const double value : amplitude) largest = std::max(largest, std::abs(value));
  }
  return largest;
}

int mean_code(const Rgb& mean) {
  int code = 0;
  for (const double value : mean)
    code =
        code << 8 | static_cast<int>(std::lround(srgb_of_light(std::clamp(value, 0.0, 1.0)) * 255));
  return code;
}

// Steps are finer near 0.
int amplitude_code(const Rgb& amplitude, double scale) {
  int code = 0;
  for (const double value : amplitude) {
    const double root = std::copysign(std::sqrt(std::abs(value) / scale), value);
    code = code * 19 + static_cast<int>(std::clamp(std::floor(root * 9 + 9.5), 0.0, 18.0));
  }
  return code;
}

}  // namespace

std::string blurhash(const RasterView& raster, int across, int down) {
  const std::vector<Rgb> all = components(raster, across, down);
  const auto amplitudes = std::span(all).subspan(1);
  const double steps = std::floor(std::clamp(largest(amplitudes) * 166 - 0.5, 0.0, 82.0));
  std::string out;
  append_number(out, across - 1 + (down - 1) * 9, 1);
  append_number(out, static_cast<int>(steps), 1);
  append_number(out, mean_code(all.front()), 4);
  for (const Rgb& amplitude : amplitudes)
    append_number(out, amplitude_code(amplitude, (steps + 1) / 166), 2);
  return out;
}

}  // namespace imageserver
