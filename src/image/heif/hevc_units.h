// The units of an HEVC picture, as a HEIF file holds them (ISO/IEC 14496-15, section 8.3).

#ifndef IMAGESERVER_IMAGE_HEIF_HEVC_UNITS_H_
#define IMAGESERVER_IMAGE_HEIF_HEVC_UNITS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "image/heif/planes.h"

namespace imageserver {

// The box `hvcC`.
struct HevcConfiguration {
  int bits = 8;
  HeifChroma chroma = HeifChroma::kNone;
  std::size_t length_bytes = 4;  // of the number before each unit of the stream
  std::vector<std::string_view> units;
};

// None if it ends early. Threads: any. The same holds below.
[[nodiscard]] std::optional<HevcConfiguration> read_hevc_configuration(std::string_view box);

struct HevcUnits {
  std::vector<std::string_view> sets;    // of parameters, in their order
  std::vector<std::string_view> slices;  // of one picture
};

// What the first picture of the stream needs, of the configuration and of the stream; units of
// other kinds and of other layers are left out. A picture stands for itself: it is one that begins
// a sequence (IRAP), as HEIF demands. None if the stream is cut off, its picture is of another
// kind, the configuration has slices, or there are more than 16 sets or 64 slices.
[[nodiscard]] std::optional<HevcUnits> hevc_units(const HevcConfiguration& configuration,
                                                  std::string_view stream);

[[nodiscard]] bool is_hevc_sequence(std::string_view unit);

// Whether the slice is of a picture that can name no other picture (IDR).
[[nodiscard]] bool is_hevc_idr(std::string_view slice);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_HEVC_UNITS_H_
