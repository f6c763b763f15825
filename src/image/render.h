// Renders an original: the pixels of the result, one step after the other. Threads: any; each
// picture is read by one at a time.

#ifndef IMAGESERVER_IMAGE_RENDER_H_
#define IMAGESERVER_IMAGE_RENDER_H_

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vips/vips8>

#include "image/original.h"
#include "image/plan/geometry.h"
#include "image/plan/limits.h"
#include "imageserver/error.h"
#include "params/transform_spec.h"

namespace imageserver {

// A layout, and the pixels if they had to be decoded for it. A vector graphic has none here: it is
// drawn again, in the size that is asked for.
struct Prepared {
  Layout layout;
  std::optional<vips::VImage> decoded;
};

// Whether prepare() decodes all pixels: `spec.trim` cannot be laid out without them, and only they
// show whether a file that has lost its end is whole.
[[nodiscard]] bool decodes_first(const Original& original, const TransformSpec& spec);

// Lays the result out by the header, and by the pixels if decodes_first(). kInvalidParam if
// `spec.crop` leaves nothing. Throws vips::VError.
[[nodiscard]] Result<Prepared> prepare(const Original& original, const TransformSpec& spec,
                                       const std::stop_token& stop);

// What lies around a picture in its result, and on it.
struct Surroundings {
  // The opaque colour behind and around the picture; none if the result may be transparent.
  std::optional<Colour> flat;

  // The picture that `spec.watermark` names.
  std::optional<vips::VImage> watermark;

  // The most pixels in which a vector graphic is drawn.
  std::int64_t max_pixels = 0;
};

// The scale at which render() decodes. Threads: any.
[[nodiscard]] double decoding_scale(const Original& original, const Layout& layout,
                                    const TransformSpec& spec, std::int64_t max_pixels);

// Decodes, converts to sRGB, applies the layout (cut, turn, rotate, resize) and then the steps
// (steps/effect_table.h). Where conversion is dear, the picture is cut first, and a large one made
// smaller down to twice the result (convert_first.h). Frames one below the other; 8 bits a band of
// sRGB or grey.
//
// Evaluates what must be in memory, and stops soon after `stop` is requested; the rest is lazy.
// REQUIRES: `original.bytes` outlives the result; there is a watermark if `spec` names one. Throws
// vips::VError.
[[nodiscard]] vips::VImage render(const Original& original, const Prepared& prepared,
                                  const TransformSpec& spec, const Surroundings& surroundings,
                                  const std::stop_token& stop);

// prepare() and render() without surroundings. REQUIRES: `spec` names no watermark.
[[nodiscard]] Result<vips::VImage> render_alone(const Original& original, const TransformSpec& spec,
                                                const ImageLimits& limits,
                                                const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RENDER_H_
