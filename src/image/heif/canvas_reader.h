// The rows of a canvas, whose tiles are decoded when their rows are asked for.

#ifndef IMAGESERVER_IMAGE_HEIF_CANVAS_READER_H_
#define IMAGESERVER_IMAGE_HEIF_CANVAS_READER_H_

#include <cstdint>
#include <deque>

#include "formats/heif_items.h"
#include "image/heif/picture.h"
#include "image/heif/planes.h"

namespace imageserver {

// Keeps two rows of tiles at most; reading goes from top to bottom, or decodes again. Threads: one
// at a time.
class CanvasReader {
 public:
  // `form` is that of all tiles. REQUIRES: the arguments outlive the reader.
  CanvasReader(const HeifItems& items, const HeifCanvas& canvas, const CodedForm& form)
      : items_(items), canvas_(canvas), form_(form) {}

  // The samples of a row of luma, or of chroma by its own rows. Throws vips::VError if they cannot
  // be decoded, or are of another form. They live until the next call but one. REQUIRES: the row
  // lies in the canvas, or in the part of the plane that stands for it.
  [[nodiscard]] const std::uint8_t* row(int plane, int y);

  // How the samples stand for colours, by the first tile. As row().
  [[nodiscard]] HeifCoding coding();

 private:
  struct Strip {
    int number;  // of the row of tiles
    HeifPlanes planes;
  };

  [[nodiscard]] const HeifPlanes& strip(int number);
  [[nodiscard]] HeifPlanes decode_strip(int number) const;
  [[nodiscard]] HeifPlanes decode_tile(int column, int row) const;

  const HeifItems& items_;
  const HeifCanvas& canvas_;
  const CodedForm& form_;
  std::deque<Strip> strips_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_CANVAS_READER_H_
