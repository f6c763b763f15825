// Reads AVIF and HEIC (ISO/IEC 23008-12, 23000-22). libvips' own loader does not do: it shows
// another picture than the primary one, knows no colour space by code points, and its library
// refuses files of newer phones.

#ifndef IMAGESERVER_IMAGE_HEIF_OPEN_HEIF_H_
#define IMAGESERVER_IMAGE_HEIF_OPEN_HEIF_H_

#include <cstdint>
#include <string_view>
#include <vips/vips8>

namespace imageserver {

// The picture `page` of heif_pictures(): 0 is the primary one. Grey or RGB, and alpha; 8 bits a
// band, or 16 where the file has more than 8. It is not turned: VIPS_META_ORIENTATION says how the
// file wants it. It has the number of pages, the file's profile, EXIF and XMP. Where there is no
// profile, with_cicp() has noted the colour space.
//
// Lazy: nothing is decoded before rows are asked for. They come from top to bottom, and no more
// than two rows of a grid's tiles are in memory. Throws vips::VError. REQUIRES: the file outlives
// the result. Threads: any; each picture is read by one at a time.
[[nodiscard]] vips::VImage open_heif(std::string_view file, int page);

// How many pixels are decoded for such a picture: tiles may stick out of it, and most of it may be
// cut off. 0 for all other pictures. Threads: any.
[[nodiscard]] std::int64_t coded_pixels(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_OPEN_HEIF_H_
