#include "formats/heif_brands.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/endian.h"

namespace imageserver {
namespace {

constexpr auto kAvif = std::to_array<std::string_view>({"avif", "avis"});
constexpr auto kHeic =
    std::to_array<std::string_view>({"heic", "heix", "heim", "heis", "hevc", "hevx"});

bool contains(std::span<const std::string_view> brands, std::string_view brand) {
  return std::ranges::find(brands, brand) != brands.end();
}

// Empty if there is none.
std::string_view first_of_our_brands(std::string_view bytes) {
  constexpr std::size_t kBrand = 4;
  constexpr std::size_t kMajorAt = 8;
  constexpr std::size_t kMostBrands = 32;
  if (bytes.size() < kMajorAt + 2 * kBrand || bytes.substr(4, 4) != "ftyp") return {};
  const std::size_t length = read_big_endian<std::uint16_t>(bytes, 2);
  const std::string_view box = bytes.substr(0, std::min(length, kMajorAt + kMostBrands * kBrand));
  for (std::size_t at = kMajorAt; at + kBrand <= box.size(); at += kBrand) {
    const std::string_view brand = box.substr(at, kBrand);
    if (contains(kAvif, brand) || contains(kHeic, brand)) return brand;
  }
  return {};
}

}  // namespace

bool is_avif(std::string_view bytes) { return contains(kAvif, first_of_our_brands(bytes)); }

bool is_heic(std::string_view bytes) { return contains(kHeic, first_of_our_brands(bytes)); }

}  // namespace imageserver
