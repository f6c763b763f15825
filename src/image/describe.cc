#include "image/describe.h"

#include <optional>

#include "base/cancelled.h"
#include "image/codec/decode.h"
#include "image/colour/profile_name.h"
#include "image/colour/to_srgb.h"
#include "image/memory.h"
#include "image/original.h"
#include "image/raster/blurhash.h"
#include "image/raster/dominant_colour.h"
#include "image/render.h"
#include "image/vips/guard.h"
#include "image/vips/kill_switch.h"
#include "image/vips/raster_io.h"
#include "image/work.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr int kSide = 64;

// As many components as the picture's shape deserves, and as is usual.
constexpr int kMoreComponents = 4;
constexpr int kLessComponents = 3;

TransformSpec thumbnail() {
  TransformSpec spec;
  spec.width = kSide;
  spec.height = kSide;
  spec.mode = Mode::kInside;
  return spec;
}

Raster as_rgb_raster(const VImage& image) {
  return to_raster(image.colourspace(VIPS_INTERPRETATION_sRGB));
}

std::string hash_of(const RasterView& raster) {
  const bool wide = raster.size.width >= raster.size.height;
  return wide ? blurhash(raster, kMoreComponents, kLessComponents)
              : blurhash(raster, kLessComponents, kMoreComponents);
}

}  // namespace

Result<Description> describe(const Bytes& source, const std::stop_token& stop,
                             const TransformContext& context, const Admit& admit) {
  return guarded(stop, [&]() -> Result<Description> {
    const Result<Original> original = open_original(source, first_frame(), context, stop);
    if (original.has_error()) return original.error();
    const Demand demand{.work = thumbnail_work(*original), .memory = thumbnail_memory(*original)};
    if (!may_begin(admit, demand)) return cancelled();
    const Result<VImage> small = render_alone(*original, thumbnail(), context.limits, stop);
    if (small.has_error()) return small.error();
    const Raster raster = as_rgb_raster(in_memory(*small, stop));
    return Description{
        .header = original->header,
        .bytes = source.size(),
        .profile = profile_name(embedded_profile(original->bytes, original->header.type)),
        .dominant = dominant_colour(view(raster)),
        .blurhash = hash_of(view(raster))};
  });
}

}  // namespace imageserver
