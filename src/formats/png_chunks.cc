#include "formats/png_chunks.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/endian.h"
#include "formats/inflated_size.h"

namespace imageserver {
namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kHead = 8;         // length and type
constexpr std::size_t kAroundData = 12;  // these and a checksum

// One chunk after the other. A chunk may reach beyond the end of the file.
class Chunks {
 public:
  explicit Chunks(std::string_view file) : file_(file) {}

  [[nodiscard]] bool is_done() const { return at_ + kHead > file_.size(); }
  [[nodiscard]] bool is_whole() const { return next() <= file_.size(); }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::string_view type() const { return file_.substr(at_ + 4, 4); }
  [[nodiscard]] std::string_view data() const { return file_.substr(at_ + kHead, length()); }
  [[nodiscard]] std::string_view bytes() const { return file_.substr(at_, length() + kAroundData); }
  void advance() { at_ = std::min(next(), file_.size()); }

 private:
  [[nodiscard]] std::size_t length() const { return read_big_endian<std::uint32_t>(file_, at_); }
  [[nodiscard]] std::size_t next() const { return at_ + kAroundData + length(); }

  std::string_view file_;
  std::size_t at_ = kSignature;
};

// The text of a chunk as it is stored, if it is compressed; else empty. A keyword and a zero come
// first. In an iTXt a flag for compression, the method, a language and a translated keyword follow,
// the latter two with a zero each; in a zTXt the method.
std::string_view compressed_text(std::string_view type, std::string_view data) {
  const auto behind_zero = [](std::string_view text) {
    const std::size_t zero = text.find('\0');
    return zero == std::string_view::npos ? std::string_view() : text.substr(zero + 1);
  };
  std::string_view rest = behind_zero(data);
  if (type == "zTXt") return rest.empty() ? rest : rest.substr(1);
  if (type != "iTXt" || rest.size() < 2 || rest.front() == '\0') return {};
  return behind_zero(behind_zero(rest.substr(2)));
}

// How much of the compressed text of a file is kept.
class TextBudget {
 public:
  // Whether the text is within it. Once there is none left, nothing is inflated any more.
  bool takes(std::string_view text) {
    if (bytes_ == 0 || texts_ == 0) return false;
    --texts_;
    const auto size = inflated_size(text, bytes_);
    bytes_ -= size.value_or(bytes_);
    return size.has_value();
  }

 private:
  std::size_t bytes_ = kMostPngText;
  int texts_ = kMostPngTexts;
};

// The chunks of text that come once the budget is spent.
std::vector<std::string_view> long_text(std::string_view bytes) {
  std::vector<std::string_view> long_chunks;
  TextBudget budget;
  for (Chunks chunks(bytes); !chunks.is_done(); chunks.advance()) {
    const std::string_view text = compressed_text(chunks.type(), chunks.data());
    if (!text.empty() && !budget.takes(text)) long_chunks.push_back(chunks.bytes());
  }
  return long_chunks;
}

template <std::size_t Count>
std::array<std::uint32_t, Count> numbers_in(std::string_view data) {
  std::array<std::uint32_t, Count> numbers{};
  for (std::size_t i = 0; i < Count; ++i)
    numbers[i] = read_big_endian<std::uint32_t>(data, i * sizeof(std::uint32_t));
  return numbers;
}

// Puts what the chunk says to what is known, if nothing is known of it yet.
void add_colour(PngColour& colour, std::string_view type, std::string_view data) {
  constexpr std::size_t kPlaces = 8;
  if (type == "cICP" && data.size() == 4 && !colour.code_points) {
    colour.code_points.emplace();
    std::ranges::copy(data, colour.code_points->begin());
  }
  if (type == "sRGB" && data.size() == 1) colour.is_srgb = true;
  if (type == "gAMA" && data.size() == 4 && !colour.gamma) colour.gamma = numbers_in<1>(data)[0];
  if (type == "cHRM" && data.size() == kPlaces * 4 && !colour.chromaticities)
    colour.chromaticities = numbers_in<kPlaces>(data);
}

std::string chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type) + std::string(data);
  const auto length = to_big_endian<std::uint32_t>(static_cast<std::uint32_t>(data.size()));
  const auto sum = to_big_endian<std::uint32_t>(crc_32(body));
  return std::string(length.data(), length.size()) + body + std::string(sum.data(), sum.size());
}

}  // namespace

bool png_has_end(std::string_view bytes) {
  for (Chunks chunks(bytes); !chunks.is_done(); chunks.advance()) {
    if (chunks.type() == "IEND" && chunks.is_whole()) return true;
  }
  return false;
}

bool png_header_is_sound(std::string_view bytes) {
  for (Chunks chunks(bytes); !chunks.is_done(); chunks.advance()) {
    if (chunks.type() == "IEND") return true;
    if (!chunks.is_whole()) return chunks.type() == "IDAT";
  }
  return true;
}

bool png_is_interlaced(std::string_view bytes) {
  constexpr std::size_t kMethod = 12;  // where IHDR says it
  const Chunks chunks(bytes);
  return !chunks.is_done() && chunks.data().size() > kMethod && chunks.data()[kMethod] == '\1';
}

PngColour png_colour(std::string_view bytes) {
  PngColour colour;
  for (Chunks chunks(bytes); !chunks.is_done() && chunks.is_whole(); chunks.advance()) {
    if (chunks.type() == "IDAT" || chunks.type() == "PLTE") break;
    add_colour(colour, chunks.type(), chunks.data());
  }
  return colour;
}

std::optional<Bytes> png_without_long_text(std::string_view bytes) {
  const std::vector<std::string_view> dropped = long_text(bytes);
  if (dropped.empty()) return std::nullopt;
  std::string kept;
  const char* from = bytes.data();
  for (const std::string_view chunk : dropped) {
    kept.append(from, chunk.data());
    from = chunk.data() + chunk.size();
  }
  kept.append(from, bytes.data() + bytes.size());
  return Bytes::own(std::move(kept));
}

std::optional<Bytes> png_with_end(std::string_view bytes) {
  bool has_pixels = false;
  Chunks chunks(bytes);
  while (!chunks.is_done() && chunks.is_whole()) {
    has_pixels = has_pixels || chunks.type() == "IDAT";
    chunks.advance();
  }
  std::string whole(bytes.substr(0, chunks.at()));
  if (!chunks.is_done() && chunks.type() == "IDAT") {
    whole += chunk("IDAT", chunks.data());
    has_pixels = true;
  }
  if (!has_pixels) return std::nullopt;
  return Bytes::own(std::move(whole) + chunk("IEND", {}));
}

}  // namespace imageserver
