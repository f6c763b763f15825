// The pixels of a picture in a HEIF file, row by row.

#ifndef IMAGESERVER_IMAGE_HEIF_PICTURE_READER_H_
#define IMAGESERVER_IMAGE_HEIF_PICTURE_READER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "formats/heif_items.h"
#include "image/heif/canvas_reader.h"
#include "image/heif/colour_matrix.h"
#include "image/heif/picture.h"
#include "image/heif/rows.h"

namespace imageserver {

// Follows the matrix and the range that the file gives, else those of the stream. Alpha is not
// multiplied in. Turn and colour space are left to the caller. Threads: one at a time.
class PictureReader {
 public:
  // Throws vips::VError if the header of a stream cannot be read. Decodes no pixel. REQUIRES: the
  // file of `items` outlives the reader.
  PictureReader(const HeifItems& items, HeifPicture picture);

  PictureReader(const PictureReader&) = delete;
  PictureReader& operator=(const PictureReader&) = delete;

  [[nodiscard]] const HeifPicture& picture() const { return picture_; }

  // Of the colours, where the file says nothing those of the stream.
  [[nodiscard]] HeifCoding coding() const { return picture_.colour.coding.value_or(form_.coding); }

  [[nodiscard]] bool is_grey() const { return form_.chroma == HeifChroma::kNone; }
  [[nodiscard]] int bands() const { return (is_grey() ? 1 : 3) + (alpha_ ? 1 : 0); }

  // Whether samples have more than 8 bits: then pixels have 16.
  [[nodiscard]] bool is_deep() const { return form_.bits > 8; }

  // A row of the part that is shown, bands interleaved. Throws vips::VError if it cannot be
  // decoded. REQUIRES: the bytes hold it, and are aligned for 16 bits if it is deep.
  void row(int y, std::span<std::uint8_t> to);

 private:
  // Alpha, with what reads it.
  struct AlphaSource {
    AlphaSource(const HeifItems& items, const HeifCanvas& canvas);

    CodedForm form;
    CanvasReader reader;
  };

  [[nodiscard]] float largest() const { return is_deep() ? 65535.0F : 255.0F; }
  void make_grey(int y);
  void make_colours(int y);
  void make_alpha(int y);
  void read_chroma(int plane, int y, HeifRow& to);

  HeifItems items_;
  HeifPicture picture_;
  CodedForm form_;
  CanvasReader colour_;
  std::optional<AlphaSource> alpha_;
  std::optional<ColourMatrix> matrix_;  // once it is needed

  HeifRow luma_;
  std::array<HeifRow, 2> chroma_;
  std::array<HeifRow, 3> half_;  // rows of chroma as they are stored, and their blend
  std::array<HeifRow, 3> channels_;
  HeifRow alpha_row_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_PICTURE_READER_H_
