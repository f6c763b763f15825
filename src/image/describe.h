// Describes an original: its header, its colour profile, its dominant colour and its BlurHash.

#ifndef IMAGESERVER_IMAGE_DESCRIBE_H_
#define IMAGESERVER_IMAGE_DESCRIBE_H_

#include <stop_token>

#include "base/bytes.h"
#include "image/plan/admit.h"
#include "image/plan/context.h"
#include "image/plan/description.h"
#include "imageserver/error.h"

namespace imageserver {

// Reads the header, and of the first frame as much as 64 pixels a side need. Pure; errors, threads,
// `admit` and REQUIRES as transform().
[[nodiscard]] Result<Description> describe(const Bytes& source, const std::stop_token& stop,
                                           const TransformContext& context = {},
                                           const Admit& admit = {});

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DESCRIBE_H_
