// From a file to the pixels of the result, one step after the other.

#ifndef IMAGESERVER_IMAGE_RENDER_H_
#define IMAGESERVER_IMAGE_RENDER_H_

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vips/vips8>

#include "image/original.h"
#include "image/plan/geometry.h"
#include "imageserver/error.h"
#include "params/transform_spec.h"

namespace imageserver {

// The pixels that trimming needs to see are decoded for it, and used again; but what is drawn is
// drawn again, in the size it is wanted in.
struct Prepared {
  Layout layout;
  std::optional<vips::VImage> decoded;
};

// How the original becomes the result: by its header, and by its pixels where a border is to be
// trimmed. kInvalidParam if `spec.crop` leaves nothing; the errors of decode(Original). Throws
// vips::VError.
[[nodiscard]] Result<Prepared> prepare(const Original& original, const TransformSpec& spec,
                                       const std::stop_token& stop);

// What else a picture is drawn with.
struct Surroundings {
  // Behind everything transparent, if the result is to have no alpha.
  std::optional<Colour> flat;

  // The picture that `spec.watermark` names.
  std::optional<vips::VImage> watermark;

  // The most that is drawn of a vector graphic.
  std::int64_t max_pixels = 0;
};

// decode | cut | turn | rotate | resize | colour | pixelate | blur | sharpen | tone | pad |
// watermark | round | lay on the background. Frames one below the other; 8 bits of sRGB or grey.
//
// Evaluates what must be in memory, and stops soon after `stop` is requested; the rest is lazy.
// Errors: those of decode(). REQUIRES: `original.bytes` outlives the result. Throws vips::VError.
[[nodiscard]] Result<vips::VImage> render(const Original& original, const Prepared& prepared,
                                          const TransformSpec& spec,
                                          const Surroundings& surroundings,
                                          const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RENDER_H_
