#include "support/tiff_writer.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace imageserver {
namespace {

constexpr std::size_t width_of(TiffTag::Type type) {
  switch (type) {
    case TiffTag::Type::kByte:
      return 1;
    case TiffTag::Type::kShort:
      return 2;
    default:
      return 4;
  }
}

// Directories are written behind the blocks and values that they tell of.
class Writer {
 public:
  explicit Writer(const TiffFile& form) : little_(form.little), big_(form.big) {
    file_ = little_ ? "II" : "MM";
    append(big_ ? 43 : 42, 2);
    if (big_) {
      append(8, 2);
      append(0, 2);
    }
    link_ = file_.size();
    append(0, offset());
  }

  void add(const TiffFile& page) {
    std::vector<TiffTag> tags = page.tags;
    tags.push_back(longs(256, {side(page.size.width)}));
    tags.push_back(longs(257, {side(page.size.height)}));
    add_blocks(page, tags);
    std::ranges::stable_sort(tags, {}, &TiffTag::number);
    add_directory(tags);
  }

  [[nodiscard]] std::string file() const { return file_; }

 private:
  static std::uint32_t side(int length) { return static_cast<std::uint32_t>(length); }
  static TiffTag longs(std::uint16_t number, std::vector<std::uint32_t> values) {
    return {number, TiffTag::Type::kLong, std::move(values)};
  }

  [[nodiscard]] std::size_t offset() const { return big_ ? 8 : 4; }

  [[nodiscard]] std::string digits(std::uint64_t value, std::size_t width) const {
    std::string bytes;
    for (std::size_t i = 0; i < width; ++i) {
      const std::size_t place = little_ ? i : width - 1 - i;
      bytes.push_back(static_cast<char>(value >> (8 * place) & 0xFFU));
    }
    return bytes;
  }

  void append(std::uint64_t value, std::size_t width) { file_ += digits(value, width); }

  // Where the content is now: at an even place.
  std::uint64_t place(const std::string& content) {
    if (file_.size() % 2 == 1) file_.push_back('\0');
    const std::size_t at = file_.size();
    file_ += content;
    return at;
  }

  void add_blocks(const TiffFile& page, std::vector<TiffTag>& tags) {
    std::vector<std::uint32_t> places;
    std::vector<std::uint32_t> sizes;
    for (const std::string& block : page.blocks) {
      places.push_back(static_cast<std::uint32_t>(place(block)));
      sizes.push_back(static_cast<std::uint32_t>(block.size()));
    }
    if (page.tile) {
      tags.push_back(longs(322, {side(page.tile->width)}));
      tags.push_back(longs(323, {side(page.tile->height)}));
    } else {
      const int rows = page.rows_a_strip == 0 ? page.size.height : page.rows_a_strip;
      tags.push_back(longs(278, {side(rows)}));
    }
    tags.push_back(longs(page.tile ? 324 : 273, places));
    tags.push_back(longs(page.tile ? 325 : 279, sizes));
  }

  [[nodiscard]] std::string values_of(const TiffTag& tag) {
    std::string values;
    for (const std::uint32_t value : tag.values) values += digits(value, width_of(tag.type));
    if (values.size() > offset()) return digits(place(values), offset());
    values.resize(offset(), '\0');
    return values;
  }

  void add_directory(const std::vector<TiffTag>& tags) {
    std::string entries;
    for (const TiffTag& tag : tags) {
      const bool pairs = tag.type == TiffTag::Type::kRational;
      entries += digits(tag.number, 2) + digits(static_cast<std::uint16_t>(tag.type), 2) +
                 digits(tag.values.size() / (pairs ? 2 : 1), offset()) + values_of(tag);
    }
    const std::string count = digits(tags.size(), big_ ? 8 : 2);
    const std::uint64_t at = place(count + entries);
    file_.replace(link_, offset(), digits(at, offset()));
    link_ = file_.size();
    append(0, offset());
  }

  bool little_;
  bool big_;
  std::string file_;
  std::size_t link_ = 0;
};

}  // namespace

TiffTag shorts(std::uint16_t number, std::vector<std::uint32_t> values) {
  return {number, TiffTag::Type::kShort, std::move(values)};
}

std::string write_tiff(const std::vector<TiffFile>& pages) {
  Writer writer(pages.front());
  for (const TiffFile& page : pages) writer.add(page);
  return writer.file();
}

std::size_t last_link(const std::string& tiff, bool big) { return tiff.size() - (big ? 8 : 4); }

}  // namespace imageserver
