#include "image/resample/plane_scaler.h"

#include <algorithm>
#include <vector>

namespace imageserver {
namespace {

constexpr std::size_t kLane = BytePlane::kLane;

// Where the lanes of a row that are read begin, in samples.
std::size_t first_lane(const Sampling& columns) {
  const int first = std::max(columns.low / columns.pixels_a_sample - 1, 0);
  return static_cast<std::size_t>(first) / kLane * kLane;
}

// Where they end.
std::size_t end_of_lanes(const Sampling& columns) {
  const int end = std::min(columns.high / columns.pixels_a_sample + 2, columns.samples);
  return (static_cast<std::size_t>(end) + kLane - 1) / kLane * kLane;
}

}  // namespace

PlaneScaler::PlaneScaler(const Sampling& columns, const Sampling& rows, const Levels& levels)
    : across_(columns, levels.scale, kColumnLane),
      down_(rows, 1, kRowLane),
      offset_(levels.offset),
      begin_(first_lane(columns)),
      size_(end_of_lanes(columns) - begin_) {}

BytePlane PlaneScaler::scale(const BytePlane& plane, const PlaneLoops& sum) const {
  BytePlane result({across_.count(), down_.count()});
  // Weights of 0 may reach beyond the end of a row.
  std::vector<std::int16_t> buffer(plane.stride() + kColumnLane);
  const std::span<std::int16_t> row = std::span(buffer).subspan(begin_, size_);
  for (int y = 0; y < down_.count(); ++y) {
    const auto [first, weights] = down_.taps(y);
    sum.of_rows(plane.row(first) + begin_, plane.stride(), plane.size().height - first, weights,
                row);
    sum.of_columns(buffer.data(), across_, offset_, result.row(y));
  }
  return result;
}

BytePlane transposed(const BytePlane& plane) {
  const auto [width, height] = plane.size();
  BytePlane result({height, width});
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* const row = plane.row(y);
    for (int x = 0; x < width; ++x) result.row(x)[y] = row[x];
  }
  return result;
}

}  // namespace imageserver
