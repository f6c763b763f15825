// The first step: bytes become a picture of libvips, by the reader of their file type (codec.h).

#ifndef IMAGESERVER_IMAGE_CODEC_DECODE_H_
#define IMAGESERVER_IMAGE_CODEC_DECODE_H_

#include <string>
#include <vips/vips8>

#include "base/bytes.h"
#include "image/plan/header.h"

namespace imageserver {

// The header: of a document, whose pages may have sizes of their own, that page's, or the first
// one's if there is no such page. Throws vips::VError. The same holds for everything below.
[[nodiscard]] Header read_header(const Bytes& source, FileType type, int page = 0);

// The colour profile in the file (ICC.1); empty if there is none.
[[nodiscard]] std::string embedded_profile(const Bytes& source, FileType type);

// The frames, one below the other, 8 bits a band and 1 to 5 bands, not decoded before they are
// asked for, and from top to bottom only. A picture that ends early is an error when that is found.
// REQUIRES: `source` outlives the result; `scale` comes from load_scale, and is 1 for more than one
// frame.
[[nodiscard]] vips::VImage decode(const Bytes& source, const Header& header, const Pages& pages,
                                  double scale);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_DECODE_H_
