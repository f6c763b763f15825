#include "formats/tiff_directories.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/endian.h"

namespace imageserver {
namespace {

// Numbers of a TIFF, in its byte order.
class TiffReader {
 public:
  explicit TiffReader(std::string_view bytes) : bytes_(bytes), little_(bytes.starts_with('I')) {}

  // None beyond the end.
  [[nodiscard]] std::optional<std::uint64_t> number(std::uint64_t at, std::size_t width) const {
    if (at > bytes_.size() || bytes_.size() - at < width) return std::nullopt;
    const std::string_view digits = bytes_.substr(static_cast<std::size_t>(at), width);
    return little_ ? decode_little_endian(digits) : decode_big_endian(digits);
  }

 private:
  std::string_view bytes_;
  bool little_;
};

// Adobe's TIFF 6.0, and BigTIFF with its wider numbers.
struct TiffLayout {
  std::uint64_t first_at;
  std::size_t offset_width;
  std::size_t count_width;
  std::uint64_t entry_size;
};

constexpr TiffLayout kTiff = {4, 4, 2, 12};
constexpr TiffLayout kBigTiff = {8, 8, 8, 20};

// Where the directory after the one at `at` is; 0 if there is none, none if it cannot be read.
std::optional<std::uint64_t> next_directory(const TiffReader& reader, const TiffLayout& layout,
                                            std::uint64_t at) {
  constexpr std::uint64_t kMostEntries = 65535;
  const auto entries = reader.number(at, layout.count_width);
  if (!entries || *entries > kMostEntries) return std::nullopt;
  const std::uint64_t end = at + layout.count_width + *entries * layout.entry_size;
  return reader.number(end, layout.offset_width);
}

}  // namespace

bool tiff_directories_end(std::string_view bytes) {
  const TiffReader reader(bytes);
  const bool big = reader.number(2, 2) == 43U;
  const TiffLayout& layout = big ? kBigTiff : kTiff;
  auto at = reader.number(layout.first_at, layout.offset_width);
  for (int i = 0; at && *at != 0; ++i) {
    if (i == kMostDirectories) return false;
    at = next_directory(reader, layout, *at);
  }
  return at.has_value();
}

}  // namespace imageserver
