// The parts of a GIF (GIF89a): its screen, and where each frame lies, with what is said of it.
// No pixel is decoded. Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_GIF_FILE_H_
#define IMAGESERVER_IMAGE_CODEC_GIF_FILE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "formats/size.h"
#include "imageserver/error.h"

namespace imageserver {

// What becomes of a frame's place before the next frame is drawn.
enum class Disposal : std::uint8_t { kKeep, kClear, kBringBack };

struct GifFrame {
  int left = 0;
  int top = 0;
  Size size;
  bool interlaced = false;
  Disposal disposal = Disposal::kKeep;
  std::optional<std::uint8_t> transparent;  // the index that leaves a pixel as it is
  int delay = 0;                            // in hundredths of a second
  int code_size = 0;                        // bits of the smallest codes, as the file says
  std::string_view palette;                 // red, green, blue; 256 colours at most
  std::string_view data;                    // sub-blocks, and whatever follows
};

struct GifFile {
  Size screen;  // holds the first frame, even where the file says less
  std::vector<GifFrame> frames;
  int loop = 1;  // how often it is shown; 0: without end
};

// Reads up to the trailer, to something that is no block, or to the end of the bytes. A frame whose
// data ends early is one all the same. kUnprocessable if there is no frame, or the screen has no
// pixel. REQUIRES: bytes that begin like a GIF; they outlive the result.
[[nodiscard]] Result<GifFile> read_gif(std::string_view bytes);

// Whether any frame may show what is behind the picture: the screen is transparent at first, and
// where a frame was cleared. By what is said of the frames: whether the data of the first one ends
// before all its pixels is not looked at.
[[nodiscard]] bool has_alpha(const GifFile& file);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_GIF_FILE_H_
