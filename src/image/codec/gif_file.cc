#include "image/codec/gif_file.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "base/endian.h"

namespace imageserver {
namespace {

constexpr std::size_t kHeader = 13;
constexpr std::size_t kDescriptor = 9;

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

int number_at(std::string_view bytes, std::size_t at) {
  return read_little_endian<std::uint16_t>(bytes, at);
}

std::size_t palette_size(unsigned flags) {
  return (flags & 0x80U) != 0 ? std::size_t{3} << ((flags & 0x07U) + 1) : 0;
}

Disposal disposal_of(unsigned flags) {
  switch (flags >> 2 & 0x07U) {
    case 2:
      return Disposal::kClear;
    case 3:
    case 4:  // some programs took the wrong bit for 3
      return Disposal::kBringBack;
    default:
      return Disposal::kKeep;
  }
}

class Parser {
 public:
  explicit Parser(std::string_view bytes) : bytes_(bytes) {}

  Result<GifFile> run() {
    if (bytes_.size() < kHeader) return no_picture();
    file_.screen = {number_at(bytes_, 6), number_at(bytes_, 8)};
    at_ = kHeader;
    palette_ = take(palette_size(byte_at(bytes_, 10)));
    while (at_ < bytes_.size() && read_block()) {
    }
    if (file_.frames.empty() || area(file_.screen) == 0) return no_picture();
    return std::move(file_);
  }

 private:
  static Error no_picture() { return {ErrorKind::kUnprocessable, "a GIF without a picture"}; }

  std::string_view take(std::size_t size) {
    const std::string_view taken = bytes_.substr(std::min(at_, bytes_.size()), size);
    at_ += size;
    return taken;
  }

  // Steps over sub-blocks, each behind its size, and over the empty one at their end.
  void skip_sub_blocks() {
    while (at_ < bytes_.size()) {
      const unsigned size = byte_at(bytes_, at_);
      at_ += 1 + size;
      if (size == 0) return;
    }
  }

  // False if there is no further block.
  bool read_block() {
    switch (take(1).front()) {
      case ',':
        return read_frame();
      case '!':
        read_extension();
        return true;
      default:
        return false;
    }
  }

  void read_extension() {
    const std::string_view rest = bytes_.substr(at_);
    if (rest.starts_with("\xF9\4")) read_control(rest.substr(2));
    for (const std::string_view name : {"\xFF\x0BNETSCAPE2.0",
                                        "\xFF\x0B"
                                        "ANIMEXTS1.0"}) {
      if (rest.starts_with(name)) read_loops(rest.substr(name.size()));
    }
    ++at_;  // the label
    skip_sub_blocks();
  }

  void read_loops(std::string_view block) {
    if (block.size() < 4 || !block.starts_with("\3\1")) return;
    const int more = number_at(block, 2);
    file_.loop = more == 0 ? 0 : more + 1;
  }

  void read_control(std::string_view control) {
    if (control.size() < 4) return;
    const unsigned flags = byte_at(control, 0);
    next_.disposal = disposal_of(flags);
    next_.delay = number_at(control, 1);
    next_.transparent.reset();
    if ((flags & 1U) != 0) next_.transparent = static_cast<std::uint8_t>(control[3]);
  }

  bool read_frame() {
    const std::string_view descriptor = take(kDescriptor);
    if (descriptor.size() < kDescriptor) return false;
    GifFrame frame = next_;
    next_ = {};
    frame.left = number_at(descriptor, 0);
    frame.top = number_at(descriptor, 2);
    frame.size = {number_at(descriptor, 4), number_at(descriptor, 6)};
    const unsigned flags = byte_at(descriptor, 8);
    frame.interlaced = (flags & 0x40U) != 0;
    const std::string_view own = take(palette_size(flags));
    frame.palette = own.empty() ? palette_ : own;
    if (at_ >= bytes_.size()) return false;
    frame.code_size = static_cast<int>(byte_at(take(1), 0));
    frame.data = bytes_.substr(at_);
    skip_sub_blocks();
    add(frame);
    return true;
  }

  void add(const GifFrame& frame) {
    if (file_.frames.empty()) {
      Size& screen = file_.screen;
      screen.width = std::max(screen.width, frame.left + frame.size.width);
      screen.height = std::max(screen.height, frame.top + frame.size.height);
    }
    file_.frames.push_back(frame);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::string_view palette_;
  GifFrame next_;  // what is known of it before its descriptor
  GifFile file_;
};

bool covers(const GifFrame& frame, Size screen) {
  return frame.left == 0 && frame.top == 0 && frame.size.width >= screen.width &&
         frame.size.height >= screen.height;
}

}  // namespace

Result<GifFile> read_gif(std::string_view bytes) { return Parser(bytes).run(); }

bool has_alpha(const GifFile& file) {
  const GifFrame& first = file.frames.front();
  if (!covers(first, file.screen) || first.transparent) return true;
  if (file.frames.size() == 1) return false;
  if (first.disposal != Disposal::kKeep) return true;
  return std::ranges::any_of(
      file.frames, [](const GifFrame& frame) { return frame.disposal == Disposal::kClear; });
}

}  // namespace imageserver
