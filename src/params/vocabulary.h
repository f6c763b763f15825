// Every parameter that a request can name: parse_target reads them by this table.

#ifndef IMAGESERVER_PARAMS_VOCABULARY_H_
#define IMAGESERVER_PARAMS_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace imageserver {

// How its text is read.
enum class Kind : std::uint8_t {
  kInteger,
  kNumber,
  kBoolean,
  kText,
  kCrop,     // four integers, which become a map
  kFormat,   // text with other spellings
  kQuality,  // an integer or `auto`
  kPreset,   // stands for other parameters
};

// The map that its value goes into.
enum class Place : std::uint8_t { kTop, kResize, kRotate };

struct KnownParam {
  std::string_view name;
  Kind kind;
  Place place = Place::kTop;
};

// Sorted by name; 64 at most.
[[nodiscard]] std::span<const KnownParam> vocabulary();

// Null if there is no such parameter.
[[nodiscard]] const KnownParam* find_known(std::string_view name);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_VOCABULARY_H_
