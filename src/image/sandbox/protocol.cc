#include "image/sandbox/protocol.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/endian.h"
#include "base/numbers.h"

namespace imageserver {
namespace {

constexpr std::size_t kHeaderArguments = 3;
constexpr std::size_t kDrawingArguments = 5;

constexpr std::string_view kMagic = "ISD2";
constexpr char kHeader = 'h';
constexpr char kPixels = 'p';

// No picture of libvips has a longer side.
constexpr std::uint32_t kLongestSide = 10'000'000;

template <class T>
std::string text_of(T number) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

template <class T>
std::optional<T> number_in(std::string_view text, T least) {
  const std::optional<T> number = parse_whole<T>(text);
  return number && *number >= least ? number : std::nullopt;
}

std::optional<Drawing> drawing_in(std::string_view scale, std::string_view max_pixels) {
  const auto factor = number_in<double>(scale, std::numeric_limits<double>::min());
  const auto most = number_in<std::int64_t>(max_pixels, 1);
  if (!factor || !std::isfinite(*factor) || !most) return std::nullopt;
  return Drawing{*factor, *most};
}

// Big-endian numbers, one behind the other.
class Writer {
 public:
  void put(char byte) { bytes_.at(at_++) = byte; }

  void put(std::string_view bytes) {
    for (const char byte : bytes) put(byte);
  }

  void put_number(int number) {
    const auto bytes = to_big_endian<std::uint32_t>(static_cast<std::uint32_t>(number));
    put({bytes.data(), bytes.size()});
  }

  void put_length(double length) {
    const auto bytes =
        to_big_endian<std::uint32_t>(std::bit_cast<std::uint32_t>(static_cast<float>(length)));
    put({bytes.data(), bytes.size()});
  }

  [[nodiscard]] const std::array<char, kDrawAnswerBytes>& bytes() const { return bytes_; }

 private:
  std::array<char, kDrawAnswerBytes> bytes_{};
  std::size_t at_ = 0;
};

// REQUIRES: never more is taken than there is.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint32_t byte() {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  std::uint32_t number() {
    const auto number = read_big_endian<std::uint32_t>(rest_, 0);
    rest_.remove_prefix(sizeof number);
    return number;
  }

  double length() { return std::bit_cast<float>(number()); }

 private:
  std::string_view rest_;
};

void write(const DrawnHeader& header, Writer& writer) {
  writer.put(kHeader);
  writer.put_length(header.size.width);
  writer.put_length(header.size.height);
  writer.put_number(header.pages);
  writer.put(static_cast<char>(header.orientation));
  writer.put(header.alpha ? '\1' : '\0');
}

void write(const DrawnPixels& pixels, Writer& writer) {
  writer.put(kPixels);
  writer.put_number(pixels.size.width);
  writer.put_number(pixels.size.height);
  writer.put(static_cast<char>(pixels.bands));
}

std::optional<Size> read_size(Reader& reader) {
  const std::uint32_t width = reader.number();
  const std::uint32_t height = reader.number();
  const auto is_side = [](std::uint32_t side) { return side >= 1 && side <= kLongestSide; };
  if (!is_side(width) || !is_side(height)) return std::nullopt;
  return Size{static_cast<int>(width), static_cast<int>(height)};
}

std::optional<RealSize> read_real_size(Reader& reader) {
  const double width = reader.length();
  const double height = reader.length();
  const auto is_side = [](double side) {
    return side >= kShortestNaturalSide && side <= kLongestSide;
  };
  if (!is_side(width) || !is_side(height)) return std::nullopt;
  return RealSize{width, height};
}

std::optional<DrawAnswer> read_header(Reader& reader) {
  const std::optional<RealSize> size = read_real_size(reader);
  const std::uint32_t pages = reader.number();
  const std::uint32_t orientation = reader.byte();
  const std::uint32_t alpha = reader.byte();
  const bool makes_sense = size && pages >= 1 && pages <= std::numeric_limits<int>::max() &&
                           orientation >= 1 && orientation <= 8 && alpha <= 1;
  if (!makes_sense) return std::nullopt;
  return DrawnHeader{*size, static_cast<int>(pages), static_cast<int>(orientation), alpha == 1};
}

std::optional<DrawAnswer> read_pixels(Reader& reader) {
  const std::optional<Size> size = read_size(reader);
  const std::uint32_t bands = reader.byte();
  if (!size || bands < 1 || bands > 4) return std::nullopt;
  return DrawnPixels{*size, static_cast<int>(bands)};
}

}  // namespace

std::vector<std::string> to_arguments(const DrawQuestion& question) {
  std::vector<std::string> arguments = {
      text_of(question.cpu_seconds), std::string(type_name(question.type)), text_of(question.page)};
  if (question.drawing) {
    arguments.push_back(text_of(question.drawing->scale));
    arguments.push_back(text_of(question.drawing->max_pixels));
  }
  return arguments;
}

std::optional<DrawQuestion> parse_question(std::span<const char* const> arguments) {
  if (arguments.size() != kHeaderArguments && arguments.size() != kDrawingArguments)
    return std::nullopt;
  const auto seconds = number_in<int>(arguments[0], 1);
  const auto type = sandboxed_type_from_name(arguments[1]);
  const auto page = number_in<int>(arguments[2], 0);
  if (!seconds || !type || !page) return std::nullopt;
  DrawQuestion question{.type = *type, .page = *page, .cpu_seconds = *seconds, .drawing = {}};
  if (arguments.size() == kHeaderArguments) return question;
  question.drawing = drawing_in(arguments[3], arguments[4]);
  return question.drawing ? std::optional(question) : std::nullopt;
}

std::array<char, kDrawAnswerBytes> encode_answer(const DrawAnswer& answer) {
  Writer writer;
  writer.put(kMagic);
  std::visit([&writer](const auto& what) { write(what, writer); }, answer);
  return writer.bytes();
}

std::optional<DrawAnswer> decode_answer(std::string_view bytes) {
  if (bytes.size() != kDrawAnswerBytes || !bytes.starts_with(kMagic)) return std::nullopt;
  const char kind = bytes[kMagic.size()];
  if (kind != kHeader && kind != kPixels) return std::nullopt;
  Reader reader(bytes.substr(kMagic.size() + 1));
  const auto answer = kind == kHeader ? read_header(reader) : read_pixels(reader);
  // So bytes that are left over are zero, and every number has one spelling.
  if (!answer || std::string_view(encode_answer(*answer).data(), kDrawAnswerBytes) != bytes)
    return std::nullopt;
  return answer;
}

}  // namespace imageserver
