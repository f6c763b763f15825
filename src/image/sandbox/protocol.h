// The protocol between a server and its imageserver-draw. The question is the command line; the
// file is the standard input. The answer, on standard output, has a fixed length; the pixels of a
// drawing follow it. A program that cannot answer ends without a word: an answer that is not whole
// is a refusal. Threads: any.

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
  std::int64_t max_pixels = 0;  // a larger drawing is refused

  friend bool operator==(const Drawing&, const Drawing&) = default;
};

struct DrawQuestion {
  FileType type = FileType::kSvg;
  int page = 0;
  int cpu_seconds = 0;
  std::optional<Drawing> drawing;  // none: only the header is asked for

  friend bool operator==(const DrawQuestion&, const DrawQuestion&) = default;
};

// The header of the page that was asked for; of the first page if there is no such page.
struct DrawnHeader {
  RealSize size;  // not rounded; has the precision of a float
  int pages = 1;
  int orientation = 1;  // as EXIF counts them
  bool alpha = false;

  friend bool operator==(const DrawnHeader&, const DrawnHeader&) = default;
};

// The form of the pixels that follow the answer. They are the pixels of a Raster.
struct DrawnPixels {
  Size size;
  int bands = 0;  // see Raster::bands

  friend bool operator==(const DrawnPixels&, const DrawnPixels&) = default;
};

using DrawAnswer = std::variant<DrawnHeader, DrawnPixels>;

inline constexpr std::size_t kDrawAnswerBytes = 20;

// The command line without the program's name. REQUIRES: needs_sandbox(question.type).
[[nodiscard]] std::vector<std::string> to_arguments(const DrawQuestion& question);

// The question with these arguments; none if they are not to_arguments() of a question, or a number
// in it is out of its range.
[[nodiscard]] std::optional<DrawQuestion> parse_question(std::span<const char* const> arguments);

[[nodiscard]] std::array<char, kDrawAnswerBytes> encode_answer(const DrawAnswer& answer);

// The answer with these bytes; none if they are not encode_answer() of an answer, or a number in it
// is out of its range: sides have up to 10 million pixels, and at least one in a drawing; there is
// 1 page or more, an orientation is 1 to 8, and there are 1 to 4 bands.
[[nodiscard]] std::optional<DrawAnswer> decode_answer(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_SANDBOX_PROTOCOL_H_
