// Describes an original: its header, its colour profile, its dominant colour and its BlurHash.

#ifndef IMAGESERVER_IMAGE_DESCRIBE_H_
#define IMAGESERVER_IMAGE_DESCRIBE_H_

#include <cstddef>
#include <stop_token>
#include <string>

#include "base/bytes.h"
#include "image/context.h"
#include "image/plan/admit.h"
#include "image/plan/header.h"
#include "imageserver/error.h"
#include "params/transform_spec.h"

namespace imageserver {

struct Description {
  Header header;
  std::size_t bytes = 0;
  std::string profile;  // the colour profile's own name for itself; empty if there is none,
                        // or the file is read in the sandbox
  Colour dominant;      // dominant_colour
  std::string blurhash;
};

// Reads the header, and of the first frame as much as 64 pixels a side need. Pure; errors, threads,
// `admit` and REQUIRES as transform().
[[nodiscard]] Result<Description> describe(const Bytes& source, const std::stop_token& stop,
                                           const TransformContext& context = {},
                                           const Admit& admit = {});

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DESCRIBE_H_
