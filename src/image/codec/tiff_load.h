// The reader of TIFF: libvips decodes, and what the tags say of the samples decides what they mean.
// Threads: any.
//
// Follows TIFF 6.0, and Adobe Photoshop's TIFF Technical Note 3 for floating-point numbers.

#ifndef IMAGESERVER_IMAGE_CODEC_TIFF_LOAD_H_
#define IMAGESERVER_IMAGE_CODEC_TIFF_LOAD_H_

#include <optional>
#include <string>
#include <string_view>
#include <vips/vips8>

namespace imageserver {

// A page, see Reader (codec.h): grey, RGB or CMYK of 8 or 16 bits or of floating-point numbers from
// 0 to 1 (float_samples.h), and alpha if there is alpha. What is negative is black: signed numbers
// lie on the scale of unsigned ones. Extra samples that are no alpha are left out. Lazy.
[[nodiscard]] vips::VImage load_tiff(VipsBlob* file, int page, vips::VOption* options);

// Why such a page is not read although the file may be sound, in words for people. None if it is
// read, and if there is no such page.
[[nodiscard]] std::optional<std::string> tiff_refusal(std::string_view file, int page);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_TIFF_LOAD_H_
