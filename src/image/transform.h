// The one thing this room does: the bytes of a picture and what is asked of it become a picture.

#ifndef IMAGESERVER_IMAGE_TRANSFORM_H_
#define IMAGESERVER_IMAGE_TRANSFORM_H_

#include <stop_token>

#include "base/bytes.h"
#include "formats/image.h"
#include "image/context.h"
#include "imageserver/error.h"
#include "params/transform_spec.h"

namespace imageserver {

// Pure, but for the program that reads some formats: nothing but the arguments counts, and nothing
// but the result comes of it. Where nothing is asked that would change the picture, the result
// holds `source` itself, unread but for its header; but HEIC, SVG, PDF and JPEG XL are never passed
// through.
//
// `watermark` is the file that `spec.watermark` names, empty if there is none.
//
// Errors: kUnprocessable (not a picture in one of our formats, damaged, over a limit on sources, or
// not to be made as small as asked), kInvalidParam (the result would be over a limit on results, or
// what is asked for is not in the picture), kCancelled (`stop` was requested; the work ends within
// a few rows of pixels, or when the codec call under way returns), kInternal (the watermark cannot
// be read, or the program that reads the file cannot be started).
//
// REQUIRES: a VipsLibrary lives; `spec` comes from validate(). Threads: any number at once.
[[nodiscard]] Result<ImagePtr> transform(const Bytes& source, const TransformSpec& spec,
                                         const std::stop_token& stop,
                                         const TransformContext& context = {},
                                         const Bytes& watermark = {});

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_TRANSFORM_H_
