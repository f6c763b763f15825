#include "params/crop.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "base/text.h"

namespace imageserver {
namespace {

struct Edge {
  std::string_view name;
  int CropBox::* place;
};

constexpr auto kEdges = std::to_array<Edge>({{"min_x", &CropBox::min_x},
                                             {"min_y", &CropBox::min_y},
                                             {"max_x", &CropBox::max_x},
                                             {"max_y", &CropBox::max_y}});

}  // namespace

std::optional<Params> parse_crop(std::string_view text) {
  const auto [least, most] = cut(text, '|');
  const auto [min_x, min_y] = cut(least, ',');
  const auto [max_x, max_y] = cut(most, ',');
  const std::array<std::string_view, kEdges.size()> texts = {min_x, min_y, max_x, max_y};
  Params map;
  for (std::size_t i = 0; i < kEdges.size(); ++i) {
    const std::optional<std::int64_t> number = parse_integer(texts.at(i));
    if (!number) return std::nullopt;
    map.insert(std::string(kEdges.at(i).name), *number);
  }
  return map;
}

std::optional<CropBox> crop_box(const Params& map) {
  if (map.entries().size() != kEdges.size()) return std::nullopt;
  CropBox box;
  for (const Edge& edge : kEdges) {
    const ParamValue* const value = map.find(edge.name);
    const auto* const number = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
    if (number == nullptr || !std::in_range<int>(*number)) return std::nullopt;
    box.*edge.place = static_cast<int>(*number);
  }
  if (box.max_x <= box.min_x || box.max_y <= box.min_y) return std::nullopt;
  return box;
}

}  // namespace imageserver
