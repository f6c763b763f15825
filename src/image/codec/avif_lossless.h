// AVIF without loss, which libvips cannot write: it always converts to YCbCr, and that rounds.
// Colours are stored as they are (matrix 0 of ITU-T H.273: green, blue and red in the planes).

#ifndef IMAGESERVER_IMAGE_CODEC_AVIF_LOSSLESS_H_
#define IMAGESERVER_IMAGE_CODEC_AVIF_LOSSLESS_H_

#include <vips/vips8>

#include "base/bytes.h"

namespace imageserver {

// Every pixel and its alpha stay what they are; EXIF and XMP stay as a saver of libvips would write
// them. REQUIRES: 8 bits a band, 1 to 4 bands, in sRGB or grey. Threads: any. Throws vips::VError.
[[nodiscard]] Bytes encode_lossless_avif(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_AVIF_LOSSLESS_H_
