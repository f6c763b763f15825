// The one thing this room does: the bytes of a picture and what is asked of it become a picture.

#ifndef IMAGESERVER_IMAGE_TRANSFORM_H_
#define IMAGESERVER_IMAGE_TRANSFORM_H_

#include <stop_token>

#include "image/limits.h"
#include "imageserver/bytes.h"
#include "imageserver/error.h"
#include "imageserver/image.h"
#include "imageserver/params.h"

namespace imageserver {

// Pure: nothing but the arguments counts, and nothing but the result comes of it. Where neither a
// size nor a quality nor another format is asked, the result holds `source` itself, unread but for
// its header.
//
// Errors: kUnprocessable (not a picture in one of our formats, damaged, over a limit on sources),
// kInvalidParam (the result would be over a limit on results), kCancelled (`stop` was requested;
// the work ends within a few rows of pixels, or when the codec call under way returns), kInternal.
//
// REQUIRES: a VipsLibrary lives; `spec` comes from validate(). Threads: any number at once.
[[nodiscard]] Result<ImagePtr> transform(const Bytes& source, const TransformSpec& spec,
                                         const std::stop_token& stop,
                                         const ImageLimits& limits = {});

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_TRANSFORM_H_
