#include "image/heif/hevc_units.h"

#include <algorithm>

#include "formats/iso_boxes.h"

namespace imageserver {
namespace {

// Each set of parameters costs the decoder time and memory by the size of the picture. A file needs
// three, or twice three.
constexpr std::size_t kMostSets = 16;

// HEVC allows 600, but they may overlap: each may cost the time of a whole picture. Encoders write
// one, or a few.
constexpr std::size_t kMostSlices = 64;

constexpr std::size_t kHeader = 2;  // bytes of a unit

unsigned byte_of(std::string_view unit, std::size_t at) {
  return static_cast<unsigned char>(unit[at]);
}

unsigned type_of(std::string_view unit) { return byte_of(unit, 0) >> 1U & 63U; }

unsigned layer_of(std::string_view unit) {
  return (byte_of(unit, 0) & 1U) << 5U | byte_of(unit, 1) >> 3U;
}

// VPS, SPS, PPS.
bool is_set(std::string_view unit) { return type_of(unit) >= 32 && type_of(unit) <= 34; }

bool is_slice(std::string_view unit) { return type_of(unit) < 32; }

// BLA, IDR, CRA.
bool stands_for_itself(std::string_view slice) {
  return type_of(slice) >= 16 && type_of(slice) <= 21;
}

bool begins_picture(std::string_view slice) {
  constexpr unsigned kFirstOfPicture = 128;
  return slice.size() > kHeader && (byte_of(slice, kHeader) & kFirstOfPicture) != 0;
}

// Other layers are other views of the picture.
bool counts(std::string_view unit) {
  return unit.size() >= kHeader && layer_of(unit) == 0 && (is_set(unit) || is_slice(unit));
}

std::vector<std::string_view> read_units(IsoFields& fields) {
  std::vector<std::string_view> units;
  for (std::uint64_t arrays = fields.number(1); arrays > 0; --arrays) {
    static_cast<void>(fields.number(1));  // their type, which they say themselves
    for (std::uint64_t left = fields.number(2); left > 0 && !fields.failed(); --left)
      units.push_back(fields.bytes(static_cast<std::size_t>(fields.number(2))));
  }
  return units;
}

// Adds the units of the first picture of the stream. False if one is cut off.
bool add_picture(HevcUnits& units, std::string_view stream, std::size_t length_bytes) {
  IsoFields fields(stream);
  while (!fields.rest().empty()) {
    const auto length = static_cast<std::size_t>(fields.number(length_bytes));
    const std::string_view unit = fields.bytes(length);
    if (fields.failed()) return false;
    if (!counts(unit)) continue;
    const bool is_in_picture = !units.slices.empty();
    if (is_set(unit)) {
      // Sets between slices are those of another picture.
      if (!is_in_picture) units.sets.push_back(unit);
    } else {
      if (is_in_picture && begins_picture(unit)) return true;
      units.slices.push_back(unit);
    }
  }
  return true;
}

// All slices of a picture are of one type.
bool stand_for_themselves(const std::vector<std::string_view>& slices) {
  return std::ranges::all_of(slices, [&](std::string_view slice) {
    return stands_for_itself(slice) && type_of(slice) == type_of(slices.front());
  });
}

}  // namespace

std::optional<HevcConfiguration> read_hevc_configuration(std::string_view box) {
  constexpr std::size_t kBeforeChroma = 16;
  IsoFields fields(box);
  static_cast<void>(fields.bytes(kBeforeChroma));
  HevcConfiguration configuration;
  configuration.chroma = static_cast<HeifChroma>(fields.number(1) & 3U);
  configuration.bits = 8 + static_cast<int>(fields.number(1) & 7U);
  static_cast<void>(fields.bytes(3));  // bits of chroma, frame rate
  configuration.length_bytes = static_cast<std::size_t>(fields.number(1) & 3U) + 1;
  configuration.units = read_units(fields);
  if (fields.failed()) return std::nullopt;
  return configuration;
}

std::optional<HevcUnits> hevc_units(const HevcConfiguration& configuration,
                                    std::string_view stream) {
  HevcUnits units;
  for (const std::string_view unit : configuration.units) {
    if (!counts(unit)) continue;
    if (is_slice(unit)) return std::nullopt;
    units.sets.push_back(unit);
  }
  if (!add_picture(units, stream, configuration.length_bytes) || units.sets.size() > kMostSets ||
      units.slices.size() > kMostSlices || !stand_for_themselves(units.slices))
    return std::nullopt;
  return units;
}

bool is_hevc_sequence(std::string_view unit) { return type_of(unit) == 33; }

bool is_hevc_idr(std::string_view slice) { return type_of(slice) == 19 || type_of(slice) == 20; }

}  // namespace imageserver
