#include "image/codec/lzw_decode.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace imageserver {
namespace {

constexpr int kMostBits = 12;
constexpr unsigned kCodes = 1U << kMostBits;

// The bits of sub-blocks, lowest first.
class Bits {
 public:
  explicit Bits(std::string_view blocks) : blocks_(blocks) {}

  // None at the end.
  std::optional<unsigned> take(int count) {
    while (held_ < count) {
      if (left_ == 0 && !next_block()) return std::nullopt;
      bits_ |= static_cast<unsigned>(static_cast<unsigned char>(blocks_[at_])) << held_;
      held_ += 8;
      ++at_;
      --left_;
    }
    const unsigned code = bits_ & ((1U << count) - 1);
    bits_ >>= count;
    held_ -= count;
    return code;
  }

  // Whether the end was that of the bytes, and not the empty sub-block.
  [[nodiscard]] bool is_cut_off() const { return cut_off_; }

 private:
  bool next_block() {
    if (at_ >= blocks_.size()) {
      cut_off_ = true;
      return false;
    }
    const std::size_t size = static_cast<unsigned char>(blocks_[at_]);
    if (size == 0) return false;
    ++at_;
    left_ = std::min(size, blocks_.size() - at_);
    cut_off_ = left_ == 0;
    return left_ > 0;
  }

  std::string_view blocks_;
  std::size_t at_ = 0;
  std::size_t left_ = 0;  // of the block
  unsigned bits_ = 0;
  int held_ = 0;
  bool cut_off_ = false;
};

// A piece of the output. What a code stands for has been put out before, so no table of strings is
// needed: the string of a new code is that of the code before, and the byte that followed it.
struct Piece {
  std::size_t start;
  std::size_t length;
};

class Decoder {
 public:
  Decoder(std::string_view data, int code_size, std::span<std::uint8_t> out)
      : bits_(data), out_(out), clear_(1U << code_size), code_size_(code_size) {
    start_over();
  }

  LzwResult run() {
    while (at_ < out_.size()) {
      const std::optional<unsigned> code = bits_.take(width_);
      if (!code) return {at_, bits_.is_cut_off()};
      if (*code == clear_ + 1) break;
      if (*code == clear_) {
        start_over();
      } else if (!put(*code)) {
        return {at_, true};
      }
    }
    return {at_, false};
  }

 private:
  void start_over() {
    width_ = code_size_ + 1;
    next_ = clear_ + 2;
    last_ = {};
  }

  // False if the code means nothing.
  bool put(unsigned code) {
    const std::size_t start = at_;
    if (code < clear_) {
      out_[at_++] = static_cast<std::uint8_t>(code);
    } else if (last_.length == 0 || code > next_) {
      return false;
    } else {
      // The newest code is the piece before, which ends here, and its own first byte.
      copy(code == next_ ? Piece{last_.start, last_.length + 1} : pieces_[code]);
    }
    if (last_.length > 0 && next_ < kCodes) pieces_[next_++] = {last_.start, last_.length + 1};
    if (next_ >= 1U << width_ && width_ < kMostBits) ++width_;
    last_ = {start, at_ - start};
    return true;
  }

  void copy(const Piece& piece) {
    const std::size_t length = std::min(piece.length, out_.size() - at_);
    // Forwards byte by byte, as the piece may reach into its copy.
    std::uint8_t* to = out_.data() + at_;
    const std::uint8_t* from = out_.data() + piece.start;
    for (std::size_t i = 0; i < length; ++i) to[i] = from[i];
    at_ += length;
  }

  Bits bits_;
  std::span<std::uint8_t> out_;
  std::size_t at_ = 0;
  unsigned clear_;
  int code_size_;
  int width_ = 0;
  unsigned next_ = 0;  // the code that is defined next
  Piece last_{};       // what was put out last

  // Has those below next_ that were defined since the last clear code. No other is read, and 64 KiB
  // are more than what many a small frame has.
  std::array<Piece, kCodes> pieces_;
};

}  // namespace

LzwResult lzw_decode(std::string_view data, int code_size, std::span<std::uint8_t> out) {
  return Decoder(data, code_size, out).run();
}

}  // namespace imageserver
