#include "peers/wire/frames_field.h"

#include "base/numbers.h"
#include "base/text.h"

namespace imageserver {

std::string frames_text(const Frames& frames) {
  return std::to_string(frames.read) + '/' + std::to_string(frames.total);
}

std::optional<Frames> parse_frames(std::string_view text) {
  const auto [left, right] = cut(text, '/');
  const auto read = parse_whole<std::uint32_t>(left);
  const auto total = parse_whole<std::uint32_t>(right);
  if (!read || !total || *read == 0 || *read > *total) return std::nullopt;
  return Frames{*read, *total};
}

}  // namespace imageserver
