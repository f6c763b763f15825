// Files of strangers, checked before anything is decoded.

#ifndef IMAGESERVER_IMAGE_ORIGINAL_H_
#define IMAGESERVER_IMAGE_ORIGINAL_H_

#include <stop_token>
#include <string>
#include <vips/vips8>

#include "base/bytes.h"
#include "image/context.h"
#include "image/plan/header.h"
#include "imageserver/error.h"

namespace imageserver {

// A file, and what of it is wanted.
struct Original {
  Bytes bytes;
  Header header;
  Pages pages;
  std::string draw_program;  // TransformContext's
};

// What the file says of itself, and of that page if it is a document that has it. kUnprocessable if
// it is in none of our formats, or in one of those that must be allowed and is not, or is too
// large, or its structure cannot be trusted enough to ask its decoder. Of a file that is read
// outside, the errors of read_header_in_sandbox too. Throws vips::VError.
[[nodiscard]] Result<Header> examine(const Bytes& source, int page, const TransformContext& context,
                                     const std::stop_token& stop);

// The pixels, as decode() gives them, or decode_in_sandbox(); that one's errors.
[[nodiscard]] Result<vips::VImage> decode(const Original& original, double scale,
                                          const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_ORIGINAL_H_
