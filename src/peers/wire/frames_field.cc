#include "peers/wire/frames_field.h"

#include <charconv>

namespace imageserver {
namespace {

std::optional<std::uint32_t> parse_count(std::string_view text) {
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return count;
}

}  // namespace

std::string frames_text(const Frames& frames) {
  return std::to_string(frames.read) + '/' + std::to_string(frames.total);
}

std::optional<Frames> parse_frames(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto read = parse_count(text.substr(0, slash));
  const auto total = parse_count(text.substr(slash + 1));
  if (!read || !total || *read == 0 || *read > *total) return std::nullopt;
  return Frames{*read, *total};
}

}  // namespace imageserver
