// Reads numbers and directories of a TIFF (Adobe's TIFF 6.0) or BigTIFF, which has wider numbers.
// Threads: any.

#ifndef IMAGESERVER_FORMATS_TIFF_READER_H_
#define IMAGESERVER_FORMATS_TIFF_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace imageserver {

// REQUIRES: bytes that begin like a TIFF; they outlive the reader.
class TiffReader {
 public:
  // Places are counted from the first byte of the file.
  using Place = std::uint64_t;

  explicit TiffReader(std::string_view bytes);

  // Whether numbers are stored with their lowest byte first.
  [[nodiscard]] bool is_little() const { return little_; }

  // The bytes of an offset: 4, or 8 in a BigTIFF.
  [[nodiscard]] std::size_t offset_width() const { return layout_.offset_width; }

  // The number of `width` bytes. None beyond the end of the file.
  [[nodiscard]] std::optional<std::uint64_t> number(Place at, std::size_t width) const;

  // Where the link to the first directory stands.
  [[nodiscard]] Place first_link() const { return layout_.first_at; }

  // Where the directory begins that the link leads to; 0 if it ends the chain. None beyond the end.
  [[nodiscard]] std::optional<Place> follow(Place link) const;

  // How many entries a directory has: a tag each. None beyond the end of the file, and above
  // 65,535.
  [[nodiscard]] std::optional<std::uint64_t> entries_of(Place directory) const;

  // Where the link behind a directory stands. None if the directory does not lie inside the file;
  // the link may reach beyond the end.
  [[nodiscard]] std::optional<Place> link_behind(Place directory) const;

  // The values of a tag, at most `most` of them: bytes, shorts and longs. Empty if the directory
  // has no such tag, or none of these kinds. None if the values lie beyond the end of the file.
  [[nodiscard]] std::optional<std::vector<std::uint64_t>> values(Place directory, unsigned tag,
                                                                 std::size_t most) const;

 private:
  struct Layout {
    Place first_at;
    std::size_t offset_width;
    std::size_t count_width;
    std::uint64_t entry_size;
  };

  static constexpr Layout kTiff{4, 4, 2, 12};
  static constexpr Layout kBigTiff{8, 8, 8, 20};

  [[nodiscard]] std::optional<Place> entry_of(Place directory, unsigned tag) const;

  std::string_view bytes_;
  bool little_;
  Layout layout_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_TIFF_READER_H_
