#include "groupcache/purge_floor.h"

#include <algorithm>

#include "base/text.h"

namespace imageserver {
namespace {

constexpr std::size_t kDoubtId = 32;

bool is_doubt_id(std::string_view text) {
  return text.size() == kDoubtId && std::ranges::all_of(text, [](char c) {
           return is_ascii_digit(c) || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

std::string floor_text(const PurgeFloor& floor) {
  std::string text = time_text(floor.stamp) + ';' + floor.fallen.text();
  for (const Doubt& doubt : floor.doubts.all()) {
    text.append(";").append(time_text(doubt.stamp)).append(";").append(doubt.id);
  }
  return text;
}

std::optional<PurgeFloor> parse_floor(std::string_view text) {
  std::string_view rest = text;
  const std::optional<HybridTime> stamp = parse_time(take_until(rest, ';'));
  const std::optional<SetHash> fallen = parse_set_hash(take_until(rest, ';'));
  if (!stamp || !fallen) return std::nullopt;
  PurgeFloor floor = {.stamp = *stamp, .fallen = *fallen};
  while (!rest.empty()) {
    const std::optional<HybridTime> doubted = parse_time(take_until(rest, ';'));
    const std::string_view id = take_until(rest, ';');
    if (!doubted || !is_doubt_id(id)) return std::nullopt;
    floor.doubts.add({.stamp = *doubted, .id = std::string(id)});
  }
  if (floor_text(floor) != text) return std::nullopt;
  return floor;
}

}  // namespace imageserver
