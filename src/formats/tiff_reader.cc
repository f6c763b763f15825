#include "formats/tiff_reader.h"

#include <algorithm>

#include "base/endian.h"

namespace imageserver {
namespace {

// The bytes that a value of this type takes; 0 for what is no byte, short or long.
std::size_t width_of(std::uint64_t type) {
  constexpr std::uint64_t kByte = 1;
  constexpr std::uint64_t kShort = 3;
  constexpr std::uint64_t kLong = 4;
  constexpr std::uint64_t kLong8 = 16;
  switch (type) {
    case kByte:
      return 1;
    case kShort:
      return 2;
    case kLong:
      return 4;
    case kLong8:
      return 8;
    default:
      return 0;
  }
}

}  // namespace

TiffReader::TiffReader(std::string_view bytes)
    : bytes_(bytes), little_(bytes.starts_with('I')), layout_(kTiff) {
  if (number(2, 2) == 43U) layout_ = kBigTiff;
}

std::optional<std::uint64_t> TiffReader::number(Place at, std::size_t width) const {
  if (at > bytes_.size() || bytes_.size() - at < width) return std::nullopt;
  const std::string_view digits = bytes_.substr(static_cast<std::size_t>(at), width);
  return little_ ? decode_little_endian(digits) : decode_big_endian(digits);
}

std::optional<TiffReader::Place> TiffReader::follow(Place link) const {
  return number(link, layout_.offset_width);
}

std::optional<std::uint64_t> TiffReader::entries_of(Place directory) const {
  constexpr std::uint64_t kMostEntries = 65535;
  const auto entries = number(directory, layout_.count_width);
  return entries && *entries <= kMostEntries ? entries : std::nullopt;
}

std::optional<TiffReader::Place> TiffReader::link_behind(Place directory) const {
  const auto entries = entries_of(directory);
  if (!entries) return std::nullopt;
  const Place link = directory + layout_.count_width + *entries * layout_.entry_size;
  return link <= bytes_.size() ? std::optional(link) : std::nullopt;
}

std::optional<TiffReader::Place> TiffReader::entry_of(Place directory, unsigned tag) const {
  const std::uint64_t entries = entries_of(directory).value_or(0);
  for (std::uint64_t i = 0; i < entries; ++i) {
    const Place entry = directory + layout_.count_width + i * layout_.entry_size;
    if (number(entry, 2) == tag) return entry;
  }
  return std::nullopt;
}

std::optional<std::vector<std::uint64_t>> TiffReader::values(Place directory, unsigned tag,
                                                             std::size_t most) const {
  const auto entry = entry_of(directory, tag);
  std::vector<std::uint64_t> values;
  if (!entry) return values;
  const std::size_t width = width_of(number(*entry + 2, 2).value_or(0));
  const std::uint64_t said = number(*entry + 4, layout_.offset_width).value_or(0);
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(said, most));
  const Place own = *entry + 4 + layout_.offset_width;
  const bool fits = said * width <= layout_.offset_width;
  const auto at = fits ? std::optional(own) : follow(own);
  if (!at) return std::nullopt;
  if (width == 0) return values;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = number(*at + i * width, width);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

}  // namespace imageserver
