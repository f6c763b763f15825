#include "formats/tiff_page.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "formats/tiff_reader.h"

namespace imageserver {
namespace {

// Tags.
constexpr unsigned kWidth = 256;
constexpr unsigned kHeight = 257;
constexpr unsigned kBitsPerSample = 258;
constexpr unsigned kCompression = 259;
constexpr unsigned kColour = 262;
constexpr unsigned kSamplesPerPixel = 277;
constexpr unsigned kPlanarConfiguration = 284;
constexpr unsigned kTileWidth = 322;
constexpr unsigned kTileHeight = 323;
constexpr unsigned kInkSet = 332;
constexpr unsigned kExtraSamples = 338;
constexpr unsigned kSampleFormat = 339;
constexpr unsigned kChromaSubsampling = 530;

// Of a list that has an element for each sample.
constexpr std::size_t kMostValues = 64;

using Values = std::vector<std::uint64_t>;

std::optional<TiffReader::Place> directory_of(const TiffReader& reader, int page) {
  auto directory = reader.follow(reader.first_link());
  for (int i = 0; i < page && directory.value_or(0) != 0; ++i) {
    const auto link = reader.link_behind(*directory);
    directory = link ? reader.follow(*link) : std::nullopt;
  }
  const bool is_there = directory.value_or(0) != 0 && reader.link_behind(*directory).has_value();
  return is_there ? directory : std::nullopt;
}

// The tags of a directory.
class Tags {
 public:
  Tags(const TiffReader& reader, TiffReader::Place directory)
      : reader_(reader), directory_(directory) {}

  // Empty without such a tag.
  Values list(unsigned tag) {
    const auto values = reader_.values(directory_, tag, kMostValues);
    are_whole_ = are_whole_ && values.has_value();
    return values.value_or(Values{});
  }

  Values list(unsigned tag, const Values& otherwise) {
    Values values = list(tag);
    return values.empty() ? otherwise : values;
  }

  std::uint64_t number(unsigned tag, std::uint64_t otherwise) {
    return list(tag, {otherwise}).front();
  }

  // Whether the values of all that were asked for lie inside the file.
  [[nodiscard]] bool are_whole() const { return are_whole_; }

 private:
  const TiffReader& reader_;
  const TiffReader::Place directory_;
  bool are_whole_ = true;
};

std::optional<std::vector<TiffExtra>> extras_of(const Values& values) {
  if (values.empty()) return std::nullopt;
  std::vector<TiffExtra> extras;
  for (const std::uint64_t value : values) extras.push_back(static_cast<TiffExtra>(value));
  return extras;
}

bool is_alpha(TiffExtra extra) {
  return extra == TiffExtra::kAlpha || extra == TiffExtra::kWeighedAlpha;
}

bool are_equal(const Values& values) {
  return std::ranges::all_of(values, [&](auto value) { return value == values.front(); });
}

std::uint64_t bits_of(const TiffPage& page) { return page.bits.front(); }

// Whether several samples share a byte, or one is no whole number of bytes long.
bool is_packed(const TiffPage& page) { return bits_of(page) % 8 != 0; }

bool is_grey(const TiffPage& page) {
  return page.colour == TiffColour::kMinIsBlack || page.colour == TiffColour::kMinIsWhite;
}

std::string text_of(std::uint64_t number) { return std::to_string(number); }

std::optional<std::string> unread_tiles(const TiffPage& page) {
  if (!page.tile || is_fair_tile(*page.tile, page.size)) return std::nullopt;
  return "tiles much larger than its picture, which is not supported";
}

std::optional<std::string> unread_colour(const TiffPage& page) {
  switch (page.colour) {
    case TiffColour::kMinIsWhite:
    case TiffColour::kMinIsBlack:
    case TiffColour::kRgb:
    case TiffColour::kPalette:
    case TiffColour::kSeparated:
    case TiffColour::kYCbCr:
    case TiffColour::kLab:
      return std::nullopt;
  }
  return "colours of a kind that is not supported (photometric interpretation " +
         text_of(static_cast<std::uint64_t>(page.colour)) + ")";
}

std::optional<std::string> unread_samples(const TiffPage& page) {
  if (page.samples < page.colours()) return "fewer samples a pixel than its colours need";
  if (page.colour == TiffColour::kSeparated && page.ink_set != 1)
    return "inks that are not CMYK, which is not supported";
  if (page.colour == TiffColour::kLab && page.samples != 3)
    return "samples beside CIELAB, which is not supported";
  if (page.colour == TiffColour::kYCbCr && page.samples != 3)
    return "samples beside YCbCr, which is not supported";
  if (page.has_planes && page.tile && page.samples > 1)
    return "tiles of separate planes, which is not supported";
  const bool subsampled = page.chroma != Values{1, 1};
  if (page.colour == TiffColour::kYCbCr && page.has_planes && subsampled && !page.is_jpeg())
    return "separate planes of different sizes, which is not supported";
  return std::nullopt;
}

bool are_bits_read(const TiffPage& page) {
  const std::uint64_t bits = bits_of(page);
  const bool one = page.samples == 1 && (is_grey(page) || page.colour == TiffColour::kPalette);
  if (is_packed(page)) return one && (bits == 1 || bits == 2 || bits == 4);
  switch (page.colour) {
    case TiffColour::kYCbCr:
      return bits == 8;
    case TiffColour::kLab:
      return bits == (page.format() == TiffSample::kFloat ? 32 : 16) || bits == 8;
    case TiffColour::kPalette:
      return bits == 8 || bits == 16;
    default:
      return bits == 8 || bits == 16 || bits == 32;
  }
}

std::optional<std::string> unread_bits(const TiffPage& page) {
  if (!are_equal(page.bits) || !are_equal(page.formats))
    return "samples of different kinds in a pixel, which is not supported";
  if (!are_bits_read(page))
    return text_of(bits_of(page)) + " bits a sample, which is not supported for its colours";
  return std::nullopt;
}

bool is_plain(TiffSample format) {
  return format == TiffSample::kUnsigned || format == TiffSample::kUntyped;
}

std::optional<std::string> unread_format(const TiffPage& page) {
  const TiffSample format = page.format();
  if (is_plain(format)) return std::nullopt;
  const bool is_signed = format == TiffSample::kSigned;
  if (!is_signed && format != TiffSample::kFloat)
    return "samples of a kind that is not supported (sample format " +
           text_of(page.formats.front()) + ")";
  if (is_signed && (is_packed(page) || page.colour == TiffColour::kMinIsWhite))
    return "signed samples of a kind that is not supported";
  if (!is_signed && bits_of(page) != 32)
    return "floating-point numbers of " + text_of(bits_of(page)) + " bits, which is not supported";
  const bool fits = is_grey(page) || page.colour == TiffColour::kRgb ||
                    page.colour == TiffColour::kLab ||
                    (!is_signed && page.colour == TiffColour::kSeparated);
  if (!fits) return "samples that are not unsigned, which is not supported for its colours";
  return std::nullopt;
}

}  // namespace

std::uint64_t TiffPage::colours() const {
  switch (colour) {
    case TiffColour::kRgb:
    case TiffColour::kYCbCr:
    case TiffColour::kLab:
      return 3;
    case TiffColour::kSeparated:
      return 4;
    default:
      return 1;
  }
}

std::optional<std::uint64_t> TiffPage::alpha() const {
  if (samples <= colours()) return std::nullopt;
  if (!extras) return colours();
  const auto found = std::ranges::find_if(*extras, is_alpha);
  if (found == extras->end()) return std::nullopt;
  const auto place = colours() + static_cast<std::uint64_t>(found - extras->begin());
  return place < samples ? std::optional(place) : std::nullopt;
}

bool TiffPage::is_weighed() const {
  const auto place = alpha();
  return place && extras && extras->at(*place - colours()) == TiffExtra::kWeighedAlpha;
}

bool TiffPage::is_jpeg() const {
  constexpr std::uint64_t kOldJpeg = 6;
  constexpr std::uint64_t kJpeg = 7;
  return compression == kOldJpeg || compression == kJpeg;
}

std::optional<TiffPage> read_tiff_page(std::string_view bytes, int page) {
  const TiffReader reader(bytes);
  const auto directory = directory_of(reader, page);
  if (!directory) return std::nullopt;
  Tags tags(reader, *directory);
  TiffPage result;
  result.samples = tags.number(kSamplesPerPixel, 1);
  const TiffColour likely = result.samples < 3 ? TiffColour::kMinIsBlack : TiffColour::kRgb;
  result.colour = static_cast<TiffColour>(tags.number(kColour, static_cast<std::uint64_t>(likely)));
  result.bits = tags.list(kBitsPerSample, result.bits);
  result.formats = tags.list(kSampleFormat, result.formats);
  result.extras = extras_of(tags.list(kExtraSamples));
  result.compression = tags.number(kCompression, 1);
  result.ink_set = tags.number(kInkSet, 1);
  result.has_planes = tags.number(kPlanarConfiguration, 1) == 2;
  result.size = {tags.number(kWidth, 0), tags.number(kHeight, 0)};
  const Values tile_width = tags.list(kTileWidth);
  if (!tile_width.empty()) result.tile = {tile_width.front(), tags.number(kTileHeight, 0)};
  result.chroma = tags.list(kChromaSubsampling, result.chroma);
  return tags.are_whole() ? std::optional(std::move(result)) : std::nullopt;
}

bool is_fair_tile(const TiffArea& tile, const TiffArea& picture) {
  constexpr std::uint64_t kMostPixels = std::uint64_t{4096} * 4096;
  constexpr std::uint64_t kMostSide = 0xFFFFFFFF;  // so that no product is too large
  const auto rounded_up = [](std::uint64_t side) { return (side + 15) / 16 * 16; };
  for (const std::uint64_t side : {tile.width, tile.height, picture.width, picture.height}) {
    if (side > kMostSide) return false;
  }
  const std::uint64_t needed = rounded_up(picture.width) * rounded_up(picture.height);
  return tile.width * tile.height <= std::max(needed, kMostPixels);
}

std::optional<std::string> unread_kind(const TiffPage& page) {
  for (const auto check :
       {unread_colour, unread_samples, unread_bits, unread_format, unread_tiles}) {
    if (auto kind = check(page)) return kind;
  }
  return std::nullopt;
}

}  // namespace imageserver
