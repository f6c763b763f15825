// Writes TIFF files of any kind, sound or not, byte by byte: tests then know what is in them.

#ifndef IMAGESERVER_TESTS_SUPPORT_TIFF_WRITER_H_
#define IMAGESERVER_TESTS_SUPPORT_TIFF_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/size.h"

namespace imageserver {

// Values of shorts or longs; of rationals, numerator and denominator in turn.
struct TiffTag {
  enum class Type : std::uint16_t { kByte = 1, kShort = 3, kLong = 4, kRational = 5 };

  std::uint16_t number;
  Type type;
  std::vector<std::uint32_t> values;
};

struct TiffFile {
  Size size;
  std::vector<TiffTag> tags;        // beside the size, and where the blocks are
  std::vector<std::string> blocks;  // strips or tiles, as they are stored
  std::optional<Size> tile = {};    // none: strips
  int rows_a_strip = 0;             // 0: all
  bool little = true;               // the byte order of numbers; samples are the caller's
  bool big = false;                 // BigTIFF
};

[[nodiscard]] TiffTag shorts(std::uint16_t number, std::vector<std::uint32_t> values);

// The file; all of `pages`, one behind the other.
[[nodiscard]] std::string write_tiff(const std::vector<TiffFile>& pages);

// Where the link behind the last directory stands: the last bytes of the file.
[[nodiscard]] std::size_t last_link(const std::string& tiff, bool big = false);

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_SUPPORT_TIFF_WRITER_H_
