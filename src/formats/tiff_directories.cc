#include "formats/tiff_directories.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "formats/tiff_reader.h"

namespace imageserver {
namespace {

bool has_value(const TiffReader& reader, TiffReader::Place directory, unsigned tag) {
  const auto values = reader.values(directory, tag, 1);
  return values && !values->empty();
}

using Place = TiffReader::Place;

// What libtiff takes for a directory of a picture.
bool is_directory(const TiffReader& reader, Place at) {
  constexpr unsigned kWidth = 256;
  constexpr unsigned kHeight = 257;
  return reader.link_behind(at) && has_value(reader, at, kWidth) && has_value(reader, at, kHeight);
}

// The link that leads to no directory, or to one that was there before. None if there is none
// within kMostDirectories.
std::optional<Place> bad_link(const TiffReader& reader) {
  std::vector<Place> seen;
  Place link = reader.first_link();
  for (int i = 0; i < kMostDirectories; ++i) {
    const auto directory = reader.follow(link);
    if (directory == 0U) return std::nullopt;
    const bool is_new = directory && std::ranges::find(seen, *directory) == seen.end();
    if (!is_new || !is_directory(reader, *directory)) return link;
    seen.push_back(*directory);
    link = *reader.link_behind(*directory);
  }
  return std::nullopt;
}

}  // namespace

bool tiff_directories_end(std::string_view bytes) {
  const TiffReader reader(bytes);
  auto at = reader.follow(reader.first_link());
  for (int i = 0; at && *at != 0; ++i) {
    if (i == kMostDirectories) return false;
    const auto link = reader.link_behind(*at);
    at = link ? reader.follow(*link) : std::nullopt;
  }
  return at.has_value();
}

std::optional<Bytes> tiff_cut_at_bad_link(std::string_view bytes) {
  const TiffReader reader(bytes);
  const auto link = bad_link(reader);
  if (!link || *link == reader.first_link()) return std::nullopt;
  std::string cut(bytes);
  const auto at = static_cast<std::size_t>(*link);
  cut.resize(std::max(cut.size(), at + reader.offset_width()), '\0');
  cut.replace(at, reader.offset_width(), reader.offset_width(), '\0');
  return Bytes::own(std::move(cut));
}

}  // namespace imageserver
