// What a request asks for, in three steps that each return a new value: parse (text -> Params),
// key (Params -> the name of the result in the whole ring) and validate (Params -> TransformSpec).
//
// The map, its canonical text and its key are those of the Go program (pierrre/imageserver,
// examples/groupcache); tests hold them to vectors captured from it.

#ifndef IMAGESERVER_PARAMS_H_
#define IMAGESERVER_PARAMS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "imageserver/error.h"
#include "imageserver/image.h"

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

  // Go's text of a map: `map[a:1 b:map[c:x]]`. It escapes nothing, so two maps whose strings hold
  // brackets and spaces can share a text: validate() before a key is used.
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

// Parses a request target in origin form (`/path?query`) as the Go program does: path decoded and
// without its first slash is `source`; `width`, `height`, `mode`, `resampling` go into
// `gift_resize`; `format` (jpg becomes jpeg) and `quality` stand beside it. Empty values and
// unknown names are left out; of a repeated name the first counts. Checks the syntax only:
// kInvalidParam for a number that is none, kBadRequest for a broken escape in the path.
[[nodiscard]] Result<Params> parse_target(std::string_view target);

enum class Mode : std::uint8_t { kStretch, kFit, kFill };
enum class Resampling : std::uint8_t { kNearestNeighbor, kBox, kLinear, kCubic, kLanczos };

// What the picture must be, with every value checked. Sizes in pixels; 0 leaves a side free.
struct TransformSpec {
  std::string source;
  int width = 0;
  int height = 0;
  Mode mode = Mode::kStretch;
  Resampling resampling = Resampling::kLanczos;
  std::optional<Format> format;  // none: the source's own
  std::optional<int> quality;    // 1 to 100; none: the format's default

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

#endif  // IMAGESERVER_PARAMS_H_
