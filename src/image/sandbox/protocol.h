// What a server and its imageserver-draw say to each other: a question on the command line, with
// the file as standard input, and an answer of a fixed length on standard output, which for a
// drawing is followed by its pixels. One that cannot answer just ends: an answer that is not whole
// is a refusal.

#ifndef IMAGESERVER_IMAGE_SANDBOX_PROTOCOL_H_
#define IMAGESERVER_IMAGE_SANDBOX_PROTOCOL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "formats/format.h"
#include "formats/size.h"

namespace imageserver {

// How a page is to be drawn.
struct Drawing {
  double scale = 1;
  std::int64_t max_pixels = 0;  // what is larger is refused

  friend bool operator==(const Drawing&, const Drawing&) = default;
};

struct DrawQuestion {
  FileType type = FileType::kSvg;
  int page = 0;
  int cpu_seconds = 0;
  std::optional<Drawing> drawing;  // none: only the header is asked for

  friend bool operator==(const DrawQuestion&, const DrawQuestion&) = default;
};

// What a header says; of a page there is not, what the first one's does.
struct DrawnHeader {
  Size size;
  int pages = 1;
  int orientation = 1;  // as EXIF counts them
  bool alpha = false;

  friend bool operator==(const DrawnHeader&, const DrawnHeader&) = default;
};

// What the pixels are that follow: rows from top to bottom, as a Raster has them.
struct DrawnPixels {
  Size size;
  int bands = 0;  // as a Raster's

  friend bool operator==(const DrawnPixels&, const DrawnPixels&) = default;
};

using DrawAnswer = std::variant<DrawnHeader, DrawnPixels>;

inline constexpr std::size_t kDrawAnswerBytes = 20;

// All that stands behind the program's name. REQUIRES: needs_sandbox(question.type).
[[nodiscard]] std::vector<std::string> to_arguments(const DrawQuestion& question);

// Nothing unless these are the arguments of a question whose numbers make sense.
[[nodiscard]] std::optional<DrawQuestion> parse_question(std::span<const char* const> arguments);

[[nodiscard]] std::array<char, kDrawAnswerBytes> encode_answer(const DrawAnswer& answer);

// Nothing unless that is what encode_answer makes of an answer whose numbers make sense: sides of 1
// to 10 million pixels, pages from 1, an orientation of 1 to 8, 1 to 4 bands.
[[nodiscard]] std::optional<DrawAnswer> decode_answer(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_SANDBOX_PROTOCOL_H_
