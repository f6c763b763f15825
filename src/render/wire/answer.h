// What the last message of a job means, once it is checked. Threads: any.

#ifndef IMAGESERVER_RENDER_WIRE_ANSWER_H_
#define IMAGESERVER_RENDER_WIRE_ANSWER_H_

#include <optional>

#include "base/bytes.h"
#include "formats/image.h"
#include "image/plan/description.h"
#include "imageserver/error.h"
#include "params/transform_spec.h"
#include "render/wire/channel.h"

namespace imageserver {

// The picture, or the error, that the message says a job on `source` has come to. None if it says
// nothing that a renderer may say: a picture begins like its format, which is the one that `spec`
// names if it names one, and an error is one line that a client may be shown.
[[nodiscard]] std::optional<Result<ImagePtr>> picture_in(Message message, const Bytes& source,
                                                         const TransformSpec& spec);

// The same for a description.
[[nodiscard]] std::optional<Result<Description>> description_in(const Message& message,
                                                                const Bytes& source);

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_WIRE_ANSWER_H_
