// What the decoders of AV1 and of HEVC give: a picture in planes, one for luma and two for chroma.

#ifndef IMAGESERVER_IMAGE_HEIF_PLANES_H_
#define IMAGESERVER_IMAGE_HEIF_PLANES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "formats/size.h"

namespace imageserver {

// How large the planes of chroma are: none, half of both sides, half of the width, whole.
enum class HeifChroma : std::uint8_t { kNone, k420, k422, k444 };

[[nodiscard]] constexpr bool halves_width(HeifChroma chroma) {
  return chroma == HeifChroma::k420 || chroma == HeifChroma::k422;
}

[[nodiscard]] constexpr bool halves_height(HeifChroma chroma) { return chroma == HeifChroma::k420; }

// The size of a plane of chroma. REQUIRES: there is one.
[[nodiscard]] constexpr Size chroma_size(Size size, HeifChroma chroma) {
  return {halves_width(chroma) ? (size.width + 1) / 2 : size.width,
          halves_height(chroma) ? (size.height + 1) / 2 : size.height};
}

// How samples stand for colours, as code points of ITU-T H.273.
struct HeifCoding {
  int primaries = 2;  // 2, here and below: not said
  int transfer = 2;
  int matrix = 2;
  bool full_range = false;

  friend bool operator==(const HeifCoding&, const HeifCoding&) = default;
};

struct HeifPlane {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t stride = 0;  // bytes from one row to the next

  [[nodiscard]] const std::uint8_t* row(int y) const { return data + y * stride; }
};

struct HeifPlanes {
  Size size;
  int bits = 8;  // of a sample: 8 in a byte, more in two (in the order of the machine)
  HeifChroma chroma = HeifChroma::kNone;
  std::array<HeifPlane, 3> planes;  // Y, Cb, Cr; by a matrix of 0: green, blue, red
  HeifCoding coding;
  std::shared_ptr<const void> owner;  // of the memory

  [[nodiscard]] std::size_t sample_bytes() const { return bits > 8 ? 2 : 1; }
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_PLANES_H_
