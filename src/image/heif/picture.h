// Which parts of a HEIF file are one picture, and how they make it.

#ifndef IMAGESERVER_IMAGE_HEIF_PICTURE_H_
#define IMAGESERVER_IMAGE_HEIF_PICTURE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "formats/heif_items.h"
#include "image/heif/coded.h"
#include "image/heif/planes.h"
#include "image/plan/geometry.h"

namespace imageserver {

enum class HeifCodec : std::uint8_t { kAv1, kHevc };

struct HeifTile {
  HeifItemId id = 0;
  HeifCodec codec = HeifCodec::kAv1;
  CodedItem item;  // its size is that of all tiles
};

// Pictures side by side. One that stands alone is a canvas of one tile.
struct HeifCanvas {
  Size size;
  int columns = 1;
  int rows = 1;
  std::vector<HeifTile> tiles;       // row by row
  std::optional<HeifCoding> coding;  // that the file gives (the box `colr` with nclx)

  [[nodiscard]] Size tile() const { return tiles.front().item.size; }

  // All that is decoded for it: tiles may stick out.
  [[nodiscard]] Size decoded() const { return {columns * tile().width, rows * tile().height}; }
};

struct HeifPicture {
  HeifCanvas colour;
  std::optional<HeifCanvas> alpha;  // as large as the colour
  bool premultiplied = false;       // alpha is multiplied into the colour
  Box crop;                         // the part of the canvas that is shown
  Turn turn;                        // done to that
  std::string_view profile;         // ICC; empty if there is none
  std::optional<HeifItemId> exif;
  std::optional<HeifItemId> xmp;
};

// The pictures that the file shows: its primary item, then the others, in the order of the file.
// What only serves another picture is none of them: thumbnails, alpha, gain maps, parts of grids.
// The first may be of a kind that cannot be read. Threads: any. The same holds below.
[[nodiscard]] std::vector<HeifItemId> heif_pictures(const HeifItems& items);

// Follows the item to what it is made of. Orientation and crop come from its properties `irot`,
// `imir` and `clap`. The orientation of EXIF is not used: it only repeats what they say (ISO/IEC
// 23008-12). None if something is missing, is of another kind or does not fit together; if a grid
// is made of grids; if there are more than 1000 tiles; or if a side is longer than 65,536 pixels.
// Alpha that does not fit is left out. REQUIRES: `items`, and their file, outlive the result.
[[nodiscard]] std::optional<HeifPicture> read_heif_picture(const HeifItems& items, HeifItemId id);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_PICTURE_H_
