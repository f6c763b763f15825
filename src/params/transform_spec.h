// What a request asks for, checked and ready to be rendered. Plain value types.

#ifndef IMAGESERVER_PARAMS_TRANSFORM_SPEC_H_
#define IMAGESERVER_PARAMS_TRANSFORM_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>

#include "formats/image.h"

namespace imageserver {

enum class Mode : std::uint8_t { kStretch, kFit, kFill, kPad, kInside, kCover };
enum class Resampling : std::uint8_t { kNearestNeighbor, kBox, kLinear, kCubic, kLanczos };
enum class Interpolation : std::uint8_t { kNearestNeighbor, kLinear, kCubic };

// In sRGB; alpha 255 is opaque.
struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  std::uint8_t alpha = 255;

  friend bool operator==(const Colour&, const Colour&) = default;
};

// Pixels of the source as it is seen; the maxima are outside. May stick out of the source.
struct CropBox {
  int min_x = 0;
  int min_y = 0;
  int max_x = 0;
  int max_y = 0;

  friend bool operator==(const CropBox&, const CropBox&) = default;
};

// Which part of a picture matters most, or where in a box it lies. A point in fractions of the
// sides, from the left and from the top.
struct Gravity {
  enum class Kind : std::uint8_t { kPoint, kSmart, kEntropy };

  Kind kind = Kind::kPoint;
  double x = 0.5;
  double y = 0.5;

  friend bool operator==(const Gravity&, const Gravity&) = default;
};

struct Flip {
  bool horizontal = false;
  bool vertical = false;

  friend bool operator==(const Flip&, const Flip&) = default;
};

struct Watermark {
  std::string name;
  Gravity gravity;     // always a point
  double opacity = 1;  // 0 to 1
  double scale = 0;    // of the result's width; 0: its own size

  friend bool operator==(const Watermark&, const Watermark&) = default;
};

// What a client that leaves the format to us takes, beside JPEG, PNG and GIF.
struct AutoFormat {
  bool avif = false;
  bool webp = false;
  bool webp_first = false;  // WebP is preferred to AVIF

  friend bool operator==(const AutoFormat&, const AutoFormat&) = default;
};

// What the picture must be, with every value checked. Sizes in pixels; 0 leaves a side free. The
// order of the steps is that of README's chapter on parameters.
struct TransformSpec {
  std::string source;

  std::optional<int> page;    // the first frame, from 0
  std::optional<int> frames;  // how many from there; none: all, or one if there is a page
  bool orient = true;         // as EXIF says
  std::optional<CropBox> crop;
  std::optional<double> trim;  // threshold, 0 to 255
  Flip flip;
  double rotation = 0;  // degrees counter-clockwise, [0, 360)
  Interpolation interpolation = Interpolation::kCubic;

  int width = 0;
  int height = 0;
  double dpr = 1;  // multiplies every length of the result
  Mode mode = Mode::kStretch;
  bool enlarge = true;
  Gravity gravity;
  Resampling resampling = Resampling::kLanczos;
  bool gamma_correction = false;

  int pixelate = 0;    // pixels; 0: not at all, as for all that follow
  double blur = 0;     // sigma in pixels
  double sharpen = 0;  // sigma in pixels
  bool grayscale = false;
  int brightness = 0;  // -100 to 100, as the next two
  int contrast = 0;
  int saturation = 0;
  std::optional<Colour> tint;  // its alpha does not count
  std::optional<Watermark> watermark;
  int radius = 0;
  std::optional<Colour> background;

  std::optional<Format> format;           // none: the source's own, or:
  std::optional<AutoFormat> auto_format;  // by what the client takes
  std::optional<int> quality;             // 1 to 100; none: the format's default
  bool auto_quality = false;              // as low as is not seen; then there is no quality
  std::optional<std::int64_t> max_bytes;
  std::optional<int> colors;  // 2 to 256
  bool lossless = false;
  bool progressive = false;
  std::optional<bool> strip;  // true: no metadata, false: all; none: the copyright alone

  friend bool operator==(const TransformSpec&, const TransformSpec&) = default;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_TRANSFORM_SPEC_H_
