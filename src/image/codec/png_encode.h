// Writes PNG (ISO/IEC 15948) ourselves: the same picture in fewer bytes and less time than by
// libvips, which writes it through libpng and zlib.

#ifndef IMAGESERVER_IMAGE_CODEC_PNG_ENCODE_H_
#define IMAGESERVER_IMAGE_CODEC_PNG_ENCODE_H_

#include "base/bytes.h"
#include "image/raster/raster.h"

namespace imageserver {

// The file, without metadata, and not interlaced. It shows the same picture exactly; what is fully
// transparent may have another colour. Takes about three times the memory of the pixels, and cannot
// be stopped. Threads: any. Throws std::bad_alloc. REQUIRES: no side is 0; at most 2^30 bytes.
[[nodiscard]] Bytes encode_png(const RasterView& raster);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_PNG_ENCODE_H_
