// The readers of files for which a loader of libvips alone does not do: see Reader (codec.h).
// Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_LOADERS_H_
#define IMAGESERVER_IMAGE_CODEC_LOADERS_H_

#include <optional>
#include <string_view>
#include <vips/vips8>

#include "image/plan/header.h"

namespace imageserver {

// Of a JPEG that has nothing but its pixels. libvips takes a twentieth of the time of a thumbnail
// for it.
[[nodiscard]] std::optional<Header> plain_jpeg_header(std::string_view file);

// With notes of its colours (colour_notes.h).
[[nodiscard]] vips::VImage load_png(VipsBlob* file, vips::VOption* options);

// AVIF and HEIC (image/heif/open_heif.h); no option counts.
[[nodiscard]] vips::VImage load_heif(VipsBlob* file, int page, vips::VOption* options);

// A page on white.
[[nodiscard]] vips::VImage load_pdf(VipsBlob* file, vips::VOption* options);

// Decodes the whole picture, which is in memory then.
[[nodiscard]] vips::VImage load_bmp(std::string_view file, const Pages& pages, double scale);

// By the header alone.
[[nodiscard]] Header load_bmp_header(std::string_view file);

// The profile in a bitmap; empty if there is none.
[[nodiscard]] std::string_view bmp_profile(std::string_view file);

// For loaders that take a factor to shrink by. REQUIRES: 1 / scale is a whole number.
void set_shrink(double scale, vips::VOption* options);

// For loaders that take any factor.
void set_scale(double scale, vips::VOption* options);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_LOADERS_H_
