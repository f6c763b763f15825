// The compression of GIF: LZW with codes of growing width (GIF89a, appendix F). Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_LZW_DECODE_H_
#define IMAGESERVER_IMAGE_CODEC_LZW_DECODE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace imageserver {

struct LzwResult {
  std::size_t size = 0;  // how much of the output is filled
  bool damaged = false;  // there is a code that means nothing, or the data is cut off
};

inline constexpr int kMostLzwCodeSize = 8;

// Decodes the sub-blocks at the beginning of `data` until `out` is full, or the data says that it
// ends. What follows is not looked at. REQUIRES: 0 <= code_size <= kMostLzwCodeSize.
[[nodiscard]] LzwResult lzw_decode(std::string_view data, int code_size,
                                   std::span<std::uint8_t> out);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_LZW_DECODE_H_
