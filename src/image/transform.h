// Transforms an original as a spec asks: encoded bytes in, an encoded picture out.

#ifndef IMAGESERVER_IMAGE_TRANSFORM_H_
#define IMAGESERVER_IMAGE_TRANSFORM_H_

#include <stop_token>

#include "base/bytes.h"
#include "formats/image.h"
#include "image/plan/admit.h"
#include "image/plan/context.h"
#include "imageserver/error.h"
#include "params/transform_spec.h"

namespace imageserver {

// Pure: the result depends on the arguments alone. If the spec asks for no change
// (passes_through()), the result holds `source` itself, of which only the header was read. HEIC,
// SVG, PDF and JPEG XL are never passed through.
//
// The result is a draft(): it has no ETag. `watermark` is the file that `spec.watermark` names,
// empty if there is none.
//
// `admit` is asked once the header tells what the result takes (rendering_work, rendering_memory),
// and before that for what a `trim` takes; a file that passes through takes nothing. With a no the
// result is cancelled().
//
// Errors: kUnprocessable (not a picture in one of our formats, damaged, over a limit on sources, or
// not to be made as small as asked), kInvalidParam (the result would be over a limit on results, or
// what is asked for is not in the picture), kCancelled (`stop` was requested; the work ends within
// a few rows of pixels, or when the codec call under way returns), kInternal (the watermark cannot
// be read).
//
// REQUIRES: a VipsLibrary lives; `spec` comes from validate(). Threads: any number at once.
[[nodiscard]] Result<ImagePtr> transform(const Bytes& source, const TransformSpec& spec,
                                         const std::stop_token& stop,
                                         const TransformContext& context = {},
                                         const Bytes& watermark = {}, const Admit& admit = {});

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_TRANSFORM_H_
