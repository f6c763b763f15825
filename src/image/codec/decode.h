// The first step: bytes become a picture of libvips, by the reader of their file type (codec.h).
// Threads: any; each picture is read by one at a time.

#ifndef IMAGESERVER_IMAGE_CODEC_DECODE_H_
#define IMAGESERVER_IMAGE_CODEC_DECODE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vips/vips8>

#include "base/bytes.h"
#include "image/plan/header.h"
#include "imageserver/error.h"

namespace imageserver {

// kUnprocessable, in words that say what is not supported, if the page is of a kind that is not
// read although the file may be sound. None if there is no such page. Looks at no pixel.
[[nodiscard]] std::optional<Error> refusal_of(const Bytes& source, FileType type, int page);

// The size of a frame as the file claims it, of a type whose read_header() takes memory for all
// pixels; none elsewhere. So what is too large is to be refused before.
[[nodiscard]] std::optional<Size> claimed_size(const Bytes& source, FileType type);

// The header of the file. In a document each page may have a size of its own: the header has that
// of `page`, or of the first page if there is no such page. Throws vips::VError. The same holds for
// everything below.
[[nodiscard]] Header read_header(const Bytes& source, FileType type, int page = 0);

// The colour profile in the file (ICC.1); empty if there is none.
[[nodiscard]] std::string embedded_profile(const Bytes& source, FileType type);

// What is not known of a file. Where its end was put there by us, pixels may be missing before it,
// which some decoders pass over: then decode() looks for them first.
enum class Doubt : std::uint8_t { kNone, kEnd };

// The frames, one below the other, 8 bits a band and 1 to 5 bands. They are in sRGB or grey, or in
// another space from which conversion is dear (to_srgb_if_cheap). Lazy: rows are decoded when they
// are asked for, from top to bottom only. So a file that ends early is an error only when its end
// is reached. REQUIRES: `source` outlives the result; `scale` comes from load_scale, and is 1 for
// more than one frame.
[[nodiscard]] vips::VImage decode(const Bytes& source, const Header& header, const Pages& pages,
                                  double scale, Doubt doubt = Doubt::kNone);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_DECODE_H_
