// What a page of a TIFF says of its samples, and which kinds of page are read. Threads: any.

#ifndef IMAGESERVER_FORMATS_TIFF_PAGE_H_
#define IMAGESERVER_FORMATS_TIFF_PAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imageserver {

// PhotometricInterpretation.
enum class TiffColour : std::uint16_t {
  kMinIsWhite = 0,
  kMinIsBlack = 1,
  kRgb = 2,
  kPalette = 3,
  kSeparated = 5,
  kYCbCr = 6,
  kLab = 8,
};

// SampleFormat.
enum class TiffSample : std::uint16_t { kUnsigned = 1, kSigned = 2, kFloat = 3, kUntyped = 4 };

// ExtraSamples.
enum class TiffExtra : std::uint16_t { kUnspecified = 0, kWeighedAlpha = 1, kAlpha = 2 };

// As the tags say it, which may be any number.
struct TiffArea {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
};

// The tags of TIFF 6.0 that say what samples mean, with its defaults for those that are missing.
struct TiffPage {
  TiffColour colour = TiffColour::kMinIsBlack;
  std::uint64_t samples = 1;                     // of a pixel
  std::vector<std::uint64_t> bits = {1};         // of each sample
  std::vector<std::uint64_t> formats = {1};      // a TiffSample for each sample
  std::optional<std::vector<TiffExtra>> extras;  // of those behind the colours; none: not said
  std::uint64_t compression = 1;
  std::uint64_t ink_set = 1;
  bool has_planes = false;  // each sample in strips of its own
  TiffArea size;
  std::optional<TiffArea> tile;                // none: strips
  std::vector<std::uint64_t> chroma = {2, 2};  // YCbCrSubSampling: across, down

  // How many samples come before the extra ones: 1, 3 or 4.
  [[nodiscard]] std::uint64_t colours() const;

  // Where among the samples of a pixel alpha is. None without alpha. A page that has more samples
  // than colours, and says of none what it is, has alpha there: that is what such files mean. Where
  // it says something of others only, a sample is no alpha.
  [[nodiscard]] std::optional<std::uint64_t> alpha() const;

  // Whether the colours are multiplied by alpha.
  [[nodiscard]] bool is_weighed() const;

  [[nodiscard]] TiffSample format() const { return static_cast<TiffSample>(formats.front()); }

  // Whether libtiff's codec gives RGB, although the page says YCbCr.
  [[nodiscard]] bool is_jpeg() const;
};

// None if there is no such page, or if its directory or the values of its tags do not lie inside
// the file.
// REQUIRES: bytes that begin like a TIFF; page >= 0.
[[nodiscard]] std::optional<TiffPage> read_tiff_page(std::string_view bytes, int page);

// Whether a tile has no more pixels than its picture, whose sides are rounded up to 16 as those of
// tiles are, or than 4096 x 4096. Memory for whole tiles is taken, however small the picture is.
[[nodiscard]] bool is_fair_tile(const TiffArea& tile, const TiffArea& picture);

// What keeps us from reading such a page, in words that follow "the TIFF has "; none if we read it.
[[nodiscard]] std::optional<std::string> unread_kind(const TiffPage& page);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_TIFF_PAGE_H_
