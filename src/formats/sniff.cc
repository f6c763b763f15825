#include "formats/sniff.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/endian.h"
#include "formats/bmp_header.h"

namespace imageserver {
namespace {

using std::string_view_literals::operator""sv;

bool is_webp(std::string_view bytes) {
  return bytes.starts_with("RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv;
}

bool is_tiff(std::string_view bytes) {
  return bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv) ||
         bytes.starts_with("II+\0"sv) || bytes.starts_with("MM\0+"sv);
}

bool is_jxl(std::string_view bytes) {
  return bytes.starts_with("\xFF\x0A"sv) || bytes.starts_with("\0\0\0\x0CJXL \r\n\x87\n"sv);
}

// ISO/IEC 14496-12: a box `ftyp` first, with a major brand, a version, and compatible brands.
std::optional<FileType> type_of_iso_media(std::string_view bytes) {
  constexpr std::size_t kBrand = 4;
  constexpr std::size_t kMajorAt = 8;
  constexpr std::size_t kMostBrands = 32;
  if (bytes.size() < kMajorAt + 2 * kBrand || bytes.substr(4, 4) != "ftyp"sv) return std::nullopt;
  const std::size_t length = read_big_endian<std::uint16_t>(bytes, 2);
  const std::string_view box = bytes.substr(0, std::min(length, kMajorAt + kMostBrands * kBrand));
  for (std::size_t at = kMajorAt; at + kBrand <= box.size(); at += kBrand) {
    const std::string_view brand = box.substr(at, kBrand);
    if (brand == "avif"sv || brand == "avis"sv) return FileType::kAvif;
    if (brand == "heic"sv || brand == "heix"sv || brand == "heim"sv || brand == "heis"sv ||
        brand == "hevc"sv || brand == "hevx"sv) {
      return FileType::kHeic;
    }
  }
  return std::nullopt;
}

// Behind a byte order mark, white space, a declaration, comments and a document type, within the
// first few hundred bytes.
bool is_svg(std::string_view bytes) {
  constexpr std::size_t kLooked = 1000;
  std::string_view head = bytes.substr(0, kLooked);
  if (head.starts_with("\xEF\xBB\xBF"sv)) head.remove_prefix(3);
  const std::size_t first = head.find_first_not_of(" \t\r\n"sv);
  if (first == std::string_view::npos || head[first] != '<') return false;
  for (std::size_t at = head.find("<svg"sv); at != std::string_view::npos;
       at = head.find("<svg"sv, at + 1)) {
    const std::string_view next = head.substr(at + 4, 1);
    if (next.find_first_of(" \t\r\n>"sv) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::optional<FileType> sniff(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return FileType::kJpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return FileType::kPng;
  if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) return FileType::kGif;
  if (is_webp(bytes)) return FileType::kWebp;
  if (is_tiff(bytes)) return FileType::kTiff;
  if (is_bmp(bytes)) return FileType::kBmp;
  if (bytes.starts_with("%PDF-"sv)) return FileType::kPdf;
  if (is_jxl(bytes)) return FileType::kJxl;
  if (const auto type = type_of_iso_media(bytes)) return type;
  if (is_svg(bytes)) return FileType::kSvg;
  return std::nullopt;
}

}  // namespace imageserver
