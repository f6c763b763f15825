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

// What may be looked at of a file: directories may lie in each other, and have many more entries
// together than the file has room for.
class Budget {
 public:
  // Whether one more directory of so many entries is within it.
  bool takes(std::uint64_t entries) {
    entries_ += entries;
    return ++directories_ <= kMostDirectories && entries_ <= kMostTiffEntries;
  }

 private:
  int directories_ = 0;
  std::uint64_t entries_ = 0;
};

// The link that leads to no directory, or to one that was there before. None if there is none
// within the budget.
std::optional<Place> bad_link(const TiffReader& reader) {
  std::vector<Place> seen;
  Budget budget;
  Place link = reader.first_link();
  while (true) {
    const auto directory = reader.follow(link);
    if (directory == 0U) return std::nullopt;
    if (directory && !budget.takes(reader.entries_of(*directory).value_or(0))) return std::nullopt;
    const bool is_new = directory && std::ranges::find(seen, *directory) == seen.end();
    if (!is_new || !is_directory(reader, *directory)) return link;
    seen.push_back(*directory);
    link = *reader.link_behind(*directory);
  }
}

}  // namespace

bool tiff_directories_end(std::string_view bytes) {
  const TiffReader reader(bytes);
  Budget budget;
  auto at = reader.follow(reader.first_link());
  while (at && *at != 0) {
    if (!budget.takes(reader.entries_of(*at).value_or(0))) return false;
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
