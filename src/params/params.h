// What a request asks for, in three steps that each return a new value: parse (text -> Params),
// key (Params -> the name of the result in the whole ring) and validate (Params -> TransformSpec).
//
// The map, its canonical text and its key are those of the Go program (pierrre/imageserver,
// examples/groupcache); tests hold them to vectors captured from it.

#ifndef IMAGESERVER_PARAMS_PARAMS_H_
#define IMAGESERVER_PARAMS_PARAMS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "formats/image.h"
#include "imageserver/error.h"

namespace imageserver {

struct ParamEntry;
class Params;

using ParamValue = std::variant<bool, std::int64_t, double, std::string, Params>;

// A map from name to value, kept sorted by name; values may be maps themselves. A plain value type.
class Params {
 public:
  Params();
  Params(const Params&);
  Params(Params&&) noexcept;
  Params& operator=(const Params&);
  Params& operator=(Params&&) noexcept;
  ~Params();

  // Adds the entry. False, and nothing changes, if the name is there already.
  bool insert(std::string name, ParamValue value);

  // Null if there is no such name. The pointer lives until the map changes.
  [[nodiscard]] const ParamValue* find(std::string_view name) const;

  // Sorted by name (bytewise).
  [[nodiscard]] std::span<const ParamEntry> entries() const;
  [[nodiscard]] bool empty() const;

  // Go's text of a map: `map[a:1 b:map[c:x]]`, but for `source`, which stands last even where names
  // follow that Go does not know. It escapes nothing, so two maps whose strings hold brackets and
  // spaces can share a text: validate() before a key is used. Of what is valid then, only `source`
  // is free text, and no two maps share one.
  [[nodiscard]] std::string text() const;

  // Lower-case hex SHA-256 of text(), 64 bytes.
  [[nodiscard]] std::string key() const;

  friend bool operator==(const Params&, const Params&);

 private:
  std::vector<ParamEntry> entries_;
};

struct ParamEntry {
  std::string name;
  ParamValue value;

  friend bool operator==(const ParamEntry&, const ParamEntry&);
};

class Presets;

// How requests are read on this node.
struct TargetRules {
  // What `preset=name` stands for; null: there are none.
  std::shared_ptr<const Presets> presets;

  // Every parameter but `preset` is refused, and it must be given.
  bool presets_only = false;

  // Unknown parameters, and what cannot be read, are refused, not ignored.
  bool strict = false;
};

// Parses a request target in origin form (`/path?query`) as the Go program's advanced example does:
// path decoded and without its first slash is `source`; `width`, `height`, `mode`, `resampling` go
// into `gift_resize`, `rotation`, `background`, `interpolation` into `gift_rotate`, the four
// numbers of `crop` into a map of that name; all others stand beside these (`format=jpg` becomes
// jpeg). Empty values and unknown names are left out; of a repeated name the first counts. A preset
// is replaced by what it stands for, as if its query followed the request's own: what the request
// names itself, be it with an empty value, wins.
//
// Checks the syntax only: kInvalidParam for a number that is none, an unknown preset, and what the
// rules refuse; kBadRequest for a broken escape in the path.
[[nodiscard]] Result<Params> parse_target(std::string_view target, const TargetRules& rules = {});

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

// The largest original that is read, in bytes.
inline constexpr std::size_t kMaxSourceBytes = 20U << 20U;

// The largest result: a side in pixels, and an area in pixels over all its frames.
inline constexpr int kMaxOutputSide = 8192;
inline constexpr std::int64_t kMaxOutputPixels = 40'000'000;

// kInvalidParam, naming the parameter and the rule, for anything that no picture could satisfy:
// negative or too large sizes, names outside their sets, control characters, unknown names and
// values of the wrong type (a peer's map may hold any). kNotFound, `no such picture`, where
// `source` can name none: it must be a relative path of 1 to 1024 bytes without NUL, backslash and
// empty, `.` or `..` components. It need not be UTF-8, as names of files are bytes. Never looks at
// the picture.
[[nodiscard]] Result<TransformSpec> validate(const Params& params);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PARAMS_H_
