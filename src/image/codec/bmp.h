// Windows bitmaps (BMP, DIB), which libvips can read and write through ImageMagick only.
//
// Follows Microsoft's description of the bitmap headers: BITMAPCOREHEADER, BITMAPINFOHEADER (with
// the V2 and V3 masks), BITMAPV4HEADER and BITMAPV5HEADER, and OS/2's second one where it means the
// same; 1, 4, 8, 16, 24 and 32 bits a pixel; BI_RGB, BI_RLE4, BI_RLE8, BI_BITFIELDS and
// BI_ALPHABITFIELDS; rows from the bottom up or from the top down. Profiles and embedded JPEG or
// PNG are not read (the latter is an error). The sizes that the headers give for the file and for
// its pixels are not believed, and not needed. Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_BMP_H_
#define IMAGESERVER_IMAGE_CODEC_BMP_H_

#include <string_view>

#include "base/bytes.h"
#include "formats/size.h"
#include "image/raster/raster.h"
#include "imageserver/error.h"

namespace imageserver {

// RGB, or RGBA where the header gives alpha a mask and any pixel uses it: alpha that is 0
// everywhere, or opaque everywhere, is not used. Grey palettes stay RGB. An index behind the
// palette is black; what RLE leaves out has the palette's first colour, and what it has beyond the
// end of a row is dropped. kUnprocessable if the file ends before its pixels do, or is not as its
// header says. Takes memory for the result alone.
// REQUIRES: the caller has found bmp_size() small enough: a file of a few bytes may be RLE of
// 65535 x 65535 pixels.
[[nodiscard]] Result<Raster> decode_bmp(std::string_view bytes);

// 24 bits a pixel (bands 1 and 3), or a BITMAPV4HEADER with 32 bits and an alpha mask (2 and 4);
// bottom up, sRGB. REQUIRES: sides of 1 to 65535; a result below 4 GiB.
[[nodiscard]] Bytes encode_bmp(const RasterView& raster);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_BMP_H_
