#include "image/codec/few_colours.h"

#include <vector>

#include "image/codec/metadata.h"
#include "image/raster/palette.h"
#include "image/vips/raster_io.h"

namespace imageserver {
namespace {

using vips::VImage;

VImage reduce(const VImage& frame, int colours, const std::stop_token& stop) {
  const Raster pixels = to_raster(frame.colourspace(VIPS_INTERPRETATION_sRGB));
  const Result<Raster> reduced = reduce_colours(view(pixels), colours, stop);
  if (reduced.has_error()) throw vips::VError(reduced.error().message);
  return from_raster(view(*reduced));
}

}  // namespace

bool has_palette(Format format, const TransformSpec& spec) {
  return spec.colors && traits_of(format).palette;
}

VImage with_few_colours(const VImage& image, int colours, const std::stop_token& stop) {
  const int height = vips_image_get_page_height(image.get_image());
  std::vector<VImage> frames;
  for (int top = 0; top < image.height(); top += height) {
    frames.push_back(reduce(image.extract_area(0, top, image.width(), height), colours, stop));
  }
  const VImage all = VImage::arrayjoin(frames, VImage::option()->set("across", 1));
  return with_metadata_of(all, image);
}

}  // namespace imageserver
