// Opens originals: the one place where a stranger's file is checked before its pixels are read.

#ifndef IMAGESERVER_IMAGE_ORIGINAL_H_
#define IMAGESERVER_IMAGE_ORIGINAL_H_

#include <stop_token>
#include <vips/vips8>

#include "base/bytes.h"
#include "formats/image.h"
#include "image/plan/context.h"
#include "image/plan/header.h"
#include "imageserver/error.h"
#include "params/transform_spec.h"

namespace imageserver {

// A file that passed every check, and the frames of it that are read.
struct Original {
  Bytes bytes;  // repaired, where structure.h can do that, unless the file passes through
  Header header;
  Pages pages;
  Frames frames;        // of a result that is made of `pages`
  bool passes_through;  // see passes_through(); if so, its pixels are not checked
  bool lacked_end;      // and has one in `bytes`: only decoding shows if all pixels are there
};

// Opens a file for what `spec` asks of it. These are the checks, in their order. The first that
// fails gives the error. None decodes a pixel.
//  1. the format is one we read, and is allowed: else kUnprocessable;
//  2. the bytes are not too many (check_bytes);
//  3. its decoder can safely be asked for the header of the file, once that is repaired (readable,
//     has_sound_header): else damaged(); and where that takes memory for all pixels (claimed_size),
//     these are not too many: else the error of check_source();
//  4. the page asked for is of a kind that is read (refusal_of): else its error;
//  5. the header can be read, for a document that of the page asked for: else what read_header()
//     throws;
//  6. `stop` was not requested: else cancelled();
//  7. the frames asked for are there (choose_pages);
//  8. their pixels are not too many (check_source, check_coded);
//  9. unless the file passes through, it has an end or can have one (with_end), and a JPEG not too
//     many scans (is_sound): else damaged().
// Throws vips::VError. Threads: any.
[[nodiscard]] Result<Original> open_original(const Bytes& bytes, const TransformSpec& spec,
                                             const TransformContext& context,
                                             const std::stop_token& stop);

// A spec for opening a file as one picture (a watermark): its first frame, and never the file
// itself.
[[nodiscard]] TransformSpec first_frame();

// The pixels, as decode() of codec/decode.h gives them. REQUIRES: the original does not pass
// through.
[[nodiscard]] vips::VImage decode(const Original& original, double scale);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_ORIGINAL_H_
