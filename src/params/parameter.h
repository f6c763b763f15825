// What is known of one parameter: a row of the table in parameter_table.cc.

#ifndef IMAGESERVER_PARAMS_PARAMETER_H_
#define IMAGESERVER_PARAMS_PARAMETER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "imageserver/error.h"
#include "params/params.h"
#include "params/transform_spec.h"

namespace imageserver {

// What its values are, and so how their text is read.
enum class Kind : std::uint8_t {
  kInteger,
  kNumber,
  kBoolean,
  kChoice,   // one of `choices`
  kGravity,  // one of `choices`, or `fp:x,y`
  kColour,   // in hexadecimal
  kName,     // of a file
  kCrop,     // four integers, which become a map
  kFormat,   // one of `choices`; some have a second spelling
  kQuality,  // an integer, or one of `choices`
  kPreset,   // the name of a query
};

// The map that its value goes into. In none: the parameter is replaced by what it stands for.
enum class Place : std::uint8_t { kTop, kResize, kRotate, kNone };

// Both bounds are within.
struct Range {
  double low;
  double high;
};

// What holds if it is not given.
struct Default {
  std::string_view value = {};  // as it could be given; giving it changes nothing
  std::string_view words = {};  // what an empty value stands for; else empty
};

// None: the value is right, and is in the draft now.
using Verdict = std::optional<Error>;

struct Draft;

struct Parameter {
  std::string_view name;
  Kind kind;
  Place place = Place::kTop;
  std::optional<Range> range = {};                 // of a value that is a number
  std::span<const std::string_view> choices = {};  // of a value that is a name of a closed set
  std::string_view rule = {};                      // of any other value, as in `must be ...`
  Default by_default = {};
  std::string_view help = {};  // one line; README's row begins with it

  // Checks the entry, and takes its value over into the draft. Null where the place is kNone.
  Verdict (*take)(const Parameter& parameter, const ParamEntry& entry, Draft& draft) = nullptr;

  // The number that a spec holds of it; none: it holds none. Null where there is no range.
  std::optional<double> (*number_in)(const TransformSpec& spec) = nullptr;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PARAMETER_H_
