#include "formats/bmp_header.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace imageserver {
namespace {

// The file header: "BM", sizes nobody needs, and where the pixels begin. A bitmap header follows,
// which begins with its own size.
constexpr std::size_t kFileHeader = 14;
constexpr std::size_t kPixelsAt = 10;
constexpr std::size_t kHeaderSizeAt = kFileHeader;

constexpr std::size_t kCoreHeader = 12;
constexpr std::size_t kOs2ShortHeader = 16;  // the first fields of kOs2Header; the rest are 0
constexpr std::size_t kInfoHeader = 40;
constexpr std::size_t kOs2Header = 64;  // BITMAPINFOHEADER, and then what concerns printers
constexpr std::size_t kHeaderWithAlpha = 56;
constexpr std::size_t kHeaderWithProfile = 124;
constexpr auto kHeaders =
    std::to_array<std::size_t>({kCoreHeader, kOs2ShortHeader, kInfoHeader, 52, kHeaderWithAlpha,
                                kOs2Header, 108, kHeaderWithProfile});

// Red, green, blue and alpha: behind a BITMAPINFOHEADER, or in a longer one at the same place.
constexpr std::size_t kMasksAt = kFileHeader + kInfoHeader;
constexpr std::size_t kMask = 4;

// In the longest header (BITMAPV5HEADER): the kind of colour space, and where a profile lies,
// counted from the beginning of that header.
constexpr std::size_t kSpaceAt = kFileHeader + 56;
constexpr std::size_t kProfileAt = kFileHeader + 112;
constexpr std::size_t kProfileSizeAt = kFileHeader + 116;
constexpr std::uint32_t kEmbedded = 0x4D424544;  // PROFILE_EMBEDDED

constexpr std::int64_t kMaxSide = 65535;

// BI_RGB and so on.
constexpr std::uint32_t kRgb = 0;
constexpr std::uint32_t kRle8 = 1;
constexpr std::uint32_t kRle4 = 2;
constexpr std::uint32_t kBitfields = 3;
constexpr std::uint32_t kAlphaBitfields = 6;

constexpr BmpMasks kMasks16{.red = 0x7C00, .green = 0x03E0, .blue = 0x001F};
constexpr BmpMasks kMasks32{.red = 0xFF0000, .green = 0x00FF00, .blue = 0x0000FF};
constexpr std::uint32_t kFourthByte = 0xFF000000;

// What the kinds of header have in common.
struct Fields {
  std::size_t header = 0;  // bytes
  std::int64_t width = 0;
  std::int64_t height = 0;  // negative: from the top down
  std::uint32_t planes = 0;
  std::uint32_t depth = 0;
  std::uint32_t compression = kRgb;
  std::uint32_t colours = 0;  // 0: as many as the depth can tell apart
};

std::int64_t as_signed(std::uint32_t number) { return static_cast<std::int32_t>(number); }

Fields read_fields(const LittleEndian& file) {
  const std::size_t header = file.u32(kHeaderSizeAt);
  if (header == kCoreHeader)
    return {header, file.u16(18), file.u16(20), file.u16(22), file.u16(24)};
  Fields fields{header, as_signed(file.u32(18)), as_signed(file.u32(22)), file.u16(26),
                file.u16(28)};
  if (header == kOs2ShortHeader) return fields;
  fields.compression = file.u32(30);
  fields.colours = file.u32(46);
  return fields;
}

bool is_side(std::int64_t side) { return side >= 1 && side <= kMaxSide; }

bool has_masks(const Fields& fields) {
  return fields.compression == kBitfields || fields.compression == kAlphaBitfields;
}

std::optional<BmpCoding> uncompressed(const Fields& fields) {
  switch (fields.depth) {
    case 1:
    case 4:
    case 8:
      return BmpCoding::kIndices;
    case 24:
      return BmpCoding::kBytes;
    case 16:
    case 32:
      if (fields.header < kInfoHeader) return std::nullopt;
      return BmpCoding::kMasks;
    default:
      return std::nullopt;
  }
}

std::optional<BmpCoding> coding_of(const Fields& fields) {
  if (fields.compression == kRgb) return uncompressed(fields);
  if (fields.compression == kRle8 && fields.depth == 8) return BmpCoding::kRle;
  if (fields.compression == kRle4 && fields.depth == 4) return BmpCoding::kRle;
  const bool divisible = fields.depth == 16 || fields.depth == 32;
  // OS/2 means something else by these numbers.
  if (has_masks(fields) && divisible && fields.header != kOs2Header) return BmpCoding::kMasks;
  return std::nullopt;
}

// The header holds a mask for alpha, whether or not it says that it uses masks.
bool has_alpha_mask(const Fields& fields) {
  return fields.header >= kHeaderWithAlpha && fields.header != kOs2Header;
}

bool reads_alpha_mask(const Fields& fields) {
  return has_alpha_mask(fields) || fields.compression == kAlphaBitfields;
}

// Where palette or pixels may begin.
std::size_t end_of_headers(const Fields& fields) {
  const std::size_t header = kFileHeader + fields.header;
  if (!has_masks(fields)) return header;
  const std::size_t masks = reads_alpha_mask(fields) ? 4 : 3;
  return std::max(header, kMasksAt + masks * kMask);
}

bool is_contiguous(std::uint32_t mask) {
  if (mask == 0) return false;
  const std::uint32_t low = mask >> static_cast<unsigned>(std::countr_zero(mask));
  return (low & (low + 1)) == 0;
}

bool are_sound(const BmpMasks& masks, std::uint32_t depth) {
  const std::array colours = {masks.red, masks.green, masks.blue};
  if (!std::ranges::all_of(colours, is_contiguous)) return false;
  if (masks.alpha != 0 && !is_contiguous(masks.alpha)) return false;
  const std::uint32_t all = masks.red | masks.green | masks.blue | masks.alpha;
  const int bits = std::popcount(masks.red) + std::popcount(masks.green) +
                   std::popcount(masks.blue) + std::popcount(masks.alpha);
  return bits == std::popcount(all) && (depth == 32 || all <= 0xFFFF);
}

// Where the header does not say that it uses masks, many hold some that mean nothing: of those only
// alpha in the byte that the colours leave is believed.
BmpMasks default_masks(const LittleEndian& file, const Fields& fields) {
  if (fields.depth == 16) return kMasks16;
  BmpMasks masks = kMasks32;
  if (has_alpha_mask(fields) && file.u32(kMasksAt + 3 * kMask) == kFourthByte)
    masks.alpha = kFourthByte;
  return masks;
}

std::optional<BmpMasks> read_masks(const LittleEndian& file, const Fields& fields) {
  if (!has_masks(fields)) return default_masks(file, fields);
  BmpMasks masks{.red = file.u32(kMasksAt),
                 .green = file.u32(kMasksAt + kMask),
                 .blue = file.u32(kMasksAt + 2 * kMask)};
  if (reads_alpha_mask(fields)) masks.alpha = file.u32(kMasksAt + 3 * kMask);
  if (!are_sound(masks, fields.depth)) return std::nullopt;
  return masks;
}

// The colours between headers and pixels: some programs write fewer than they say, or than the
// depth can tell apart.
std::optional<BmpPalette> find_palette(const Fields& fields, std::size_t pixels_at,
                                       std::size_t file_size) {
  BmpPalette palette;
  palette.at = end_of_headers(fields);
  palette.entry = fields.header == kCoreHeader ? 3 : 4;
  if (fields.colours > (file_size - palette.at) / palette.entry) return std::nullopt;
  const std::size_t all = std::size_t{1} << fields.depth;
  const std::size_t said = fields.colours == 0 ? all : std::min<std::size_t>(fields.colours, all);
  palette.colours = std::min(said, (pixels_at - palette.at) / palette.entry);
  if (palette.colours == 0) return std::nullopt;
  return palette;
}

// Of sides within kMaxSide: no product comes near the type's end.
bool pixels_fit(const BmpHeader& header, std::size_t file_size) {
  const auto width = static_cast<std::size_t>(header.size.width);
  const auto height = static_cast<std::size_t>(header.size.height);
  const std::size_t last_row = (width * static_cast<std::size_t>(header.depth) + 7) / 8;
  return header.pixels_at + header.row * (height - 1) + last_row <= file_size;
}

std::optional<BmpHeader> with_geometry(const Fields& fields) {
  const bool top_down = fields.height < 0;
  const std::int64_t height = top_down ? -fields.height : fields.height;
  if (!is_side(fields.width) || !is_side(height) || fields.planes != 1) return std::nullopt;
  BmpHeader header;
  header.size = {static_cast<int>(fields.width), static_cast<int>(height)};
  header.top_down = top_down;
  return header;
}

bool set_coding(BmpHeader& header, const Fields& fields) {
  const auto coding = coding_of(fields);
  if (!coding) return false;
  header.coding = *coding;
  header.depth = static_cast<int>(fields.depth);
  header.row = (static_cast<std::size_t>(header.size.width) * fields.depth + 31) / 32 * 4;
  return true;
}

bool set_masks(BmpHeader& header, const LittleEndian& file, const Fields& fields) {
  if (header.coding != BmpCoding::kMasks) return true;
  const auto masks = read_masks(file, fields);
  if (masks) header.masks = *masks;
  return masks.has_value();
}

bool set_places(BmpHeader& header, const LittleEndian& file, const Fields& fields,
                std::size_t file_size) {
  header.pixels_at = file.u32(kPixelsAt);
  if (header.pixels_at < end_of_headers(fields) || header.pixels_at > file_size) return false;
  const bool rle = header.coding == BmpCoding::kRle;
  if (rle || header.coding == BmpCoding::kIndices) {
    const auto palette = find_palette(fields, header.pixels_at, file_size);
    if (!palette) return false;
    header.palette = *palette;
  }
  return rle || pixels_fit(header, file_size);
}

BmpProfile find_profile(const LittleEndian& file, const Fields& fields, std::size_t file_size) {
  if (fields.header != kHeaderWithProfile || file.u32(kSpaceAt) != kEmbedded) return {};
  const std::size_t at = kFileHeader + std::size_t{file.u32(kProfileAt)};
  const std::size_t length = file.u32(kProfileSizeAt);
  if (at > file_size || length > file_size - at) return {};
  return {at, length};
}

}  // namespace

Error damaged_bmp() {
  return {ErrorKind::kUnprocessable, "the bitmap is damaged, incomplete or of an unknown kind"};
}

bool is_bmp(std::string_view bytes) {
  constexpr std::size_t kEnough = kHeaderSizeAt + 4;
  if (!bytes.starts_with("BM") || bytes.size() < kEnough) return false;
  const std::size_t header = LittleEndian(bytes).u32(kHeaderSizeAt);
  return std::ranges::find(kHeaders, header) != kHeaders.end();
}

Result<BmpHeader> read_bmp_header(std::string_view bytes) {
  if (!is_bmp(bytes)) return damaged_bmp();
  const LittleEndian file(bytes);
  const Fields fields = read_fields(file);
  if (end_of_headers(fields) > bytes.size()) return damaged_bmp();
  auto header = with_geometry(fields);
  if (!header || !set_coding(*header, fields) || !set_masks(*header, file, fields) ||
      !set_places(*header, file, fields, bytes.size()))
    return damaged_bmp();
  header->profile = find_profile(file, fields, bytes.size());
  return *header;
}

Result<Size> bmp_size(std::string_view bytes) {
  const auto header = read_bmp_header(bytes);
  if (!header) return header.error();
  return header->size;
}

}  // namespace imageserver
