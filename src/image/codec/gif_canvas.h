// Composes the frames of a GIF, one after the other. Threads: one at a time.

#ifndef IMAGESERVER_IMAGE_CODEC_GIF_CANVAS_H_
#define IMAGESERVER_IMAGE_CODEC_GIF_CANVAS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "image/codec/gif_file.h"
#include "imageserver/error.h"

namespace imageserver {

// The screen of a GIF, as browsers show it: transparent at first, and where a frame was cleared.
class GifCanvas {
 public:
  using Pixel = std::array<std::uint8_t, 4>;  // red, green, blue, alpha

  // `file` outlives the canvas.
  explicit GifCanvas(const GifFile& file);

  // Draws the next frame. An index behind the palette is black. What sticks out of the screen is
  // not drawn, nor what the data leaves out by an end code. kUnprocessable if the data of the frame
  // is damaged or cut off; if more than 50 million pixels of the frame stick out of the screen, or
  // more than 200 million of all frames that were drawn. REQUIRES: there is a next frame, and the
  // last one was drawn without an error.
  [[nodiscard]] std::optional<Error> draw_next();

  // Goes back to where no frame is drawn.
  void start_over();

  // How many frames were drawn.
  [[nodiscard]] int drawn() const { return drawn_; }

  [[nodiscard]] std::span<const Pixel> row(int y) const;

  // Whether nothing of what is behind the screen is seen.
  [[nodiscard]] bool is_opaque() const;

 private:
  struct Part {
    int left = 0;
    int top = 0;
    Size size;
  };

  [[nodiscard]] Part visible(const GifFrame& frame) const;
  [[nodiscard]] std::span<Pixel> pixels_at(const Part& part, int y);
  void dispose();
  void keep_for_later(const Part& part);
  [[nodiscard]] std::optional<std::size_t> decode(const GifFrame& frame, int rows);
  void paint(const GifFrame& frame, const Part& part, std::size_t decoded);

  const GifFile& file_;
  int drawn_ = 0;
  std::int64_t hidden_ = 0;  // pixels beyond the screen, of all frames that were ever drawn
  std::vector<Pixel> pixels_;
  std::vector<Pixel> before_;  // what lay at the place of the last frame, if it is brought back
  std::vector<std::uint8_t> indices_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_GIF_CANVAS_H_
