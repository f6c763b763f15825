// Writes a GIF by hand, frame by frame, where a frame may be a part of the canvas.

#ifndef IMAGESERVER_TESTS_SUPPORT_GIF_WRITER_H_
#define IMAGESERVER_TESTS_SUPPORT_GIF_WRITER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace imageserver {

// Colours: 0 black, 1 red, 2 green, 3 blue.
class GifWriter {
 public:
  struct Frame {
    int left = 0;
    int top = 0;
    int width = 1;
    int height = 1;
    int colour = 0;
    std::vector<int> rows = {};  // if there are any: a colour for each row, as they are stored
    int missing = 0;             // rows that the data ends before
    int disposal = 1;  // 1 leaves the frame, 2 clears its part, 3 brings back what was there before
    int delay = 5;
    bool transparent = true;  // colour 0 is seen through
    bool interlaced = false;
    std::string_view palette = {};  // four colours; none: those of the file
  };

  GifWriter(int width, int height) {
    bytes_ = "GIF89a" + u16(width) + u16(height) + std::string("\xA1\0\0", 3);
    bytes_ += std::string("\0\0\0\xFF\0\0\0\xFF\0\0\0\xFF", 12);
    bytes_ += "\x21\xFF\x0BNETSCAPE2.0" + std::string("\x03\x01\x05\0\0", 5);
  }

  void frame(const Frame& frame) {
    bytes_ += std::string("\x21\xF9\x04") +
              static_cast<char>(frame.disposal << 2 | (frame.transparent ? 1 : 0)) +
              u16(frame.delay) + std::string("\0\0", 2);
    const int flags = (frame.interlaced ? 0x40 : 0) | (frame.palette.empty() ? 0 : 0x81);
    bytes_ += "," + u16(frame.left) + u16(frame.top) + u16(frame.width) + u16(frame.height) +
              static_cast<char>(flags);
    bytes_ += frame.palette;
    bytes_ += "\x02" + packed(pixels(frame)) + std::string("\0", 1);
  }

  // Longer animations for less: the same frame again, `count` times.
  void repeat(int count, int colour) {
    for (int i = 0; i < count; ++i) frame({.width = 2, .height = 2, .colour = colour});
  }

  [[nodiscard]] Bytes bytes() const { return Bytes::copy(bytes_ + ";"); }
  [[nodiscard]] Bytes without_trailer() const { return Bytes::copy(bytes_); }

 private:
  static std::string u16(int value) {
    return {static_cast<char>(value & 0xFF), static_cast<char>(value >> 8)};
  }

  static std::vector<int> pixels(const Frame& frame) {
    std::vector<int> all;
    for (int y = 0; y < frame.height - frame.missing; ++y) {
      const int colour =
          frame.rows.empty() ? frame.colour : frame.rows[static_cast<std::size_t>(y)];
      all.insert(all.end(), static_cast<std::size_t>(frame.width), colour);
    }
    return all;
  }

  // LZW that never compresses: a clear code before every second pixel keeps codes at 3 bits.
  static std::string packed(const std::vector<int>& pixels) {
    constexpr int kClear = 4;
    constexpr int kEnd = 5;
    std::string packed;
    int held = 0;
    int bits = 0;
    const auto put = [&](int code) {
      held |= code << bits;
      for (bits += 3; bits >= 8; bits -= 8, held >>= 8) packed.push_back(static_cast<char>(held));
    };
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      if (i % 2 == 0) put(kClear);
      put(pixels[i]);
    }
    put(kEnd);
    packed.push_back(static_cast<char>(held));
    std::string blocks;
    for (std::size_t at = 0; at < packed.size(); at += 255) {
      const std::string block = packed.substr(at, 255);
      blocks += static_cast<char>(block.size()) + block;
    }
    return blocks;
  }

  std::string bytes_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_SUPPORT_GIF_WRITER_H_
