#include "image/vips/raster_io.h"

#include <cstddef>
#include <memory>
#include <utility>

namespace imageserver {

using vips::VImage;

namespace {

VipsInterpretation interpretation_of(int bands) {
  return bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
}

// Called by libvips when nothing uses the image any more.
void drop(VipsImage*, void* raster) { delete static_cast<Raster*>(raster); }

}  // namespace

Raster to_raster(const VImage& image) {
  if (image.format() != VIPS_FORMAT_UCHAR) throw vips::VError("not 8 bits a band");
  Raster raster{{image.width(), image.height()}, image.bands(), {}};
  raster.pixels.resize(static_cast<std::size_t>(image.width()) *
                       static_cast<std::size_t>(image.height()) *
                       static_cast<std::size_t>(image.bands()));
  const VImage memory =
      VImage::new_from_memory(raster.pixels.data(), raster.pixels.size(), image.width(),
                              image.height(), image.bands(), VIPS_FORMAT_UCHAR);
  image.write(memory);
  return raster;
}

VImage from_raster(const RasterView& raster) {
  VipsImage* const copy =
      vips_image_new_from_memory_copy(raster.pixels.data(), raster.pixels.size(), raster.size.width,
                                      raster.size.height, raster.bands, VIPS_FORMAT_UCHAR);
  if (copy == nullptr) throw vips::VError();
  return VImage(copy).copy(
      VImage::option()->set("interpretation", interpretation_of(raster.bands)));
}

VImage from_raster(Raster&& raster) {
  auto kept = std::make_unique<Raster>(std::move(raster));
  const VImage image =
      VImage::new_from_memory(kept->pixels.data(), kept->pixels.size(), kept->size.width,
                              kept->size.height, kept->bands, VIPS_FORMAT_UCHAR);
  const VipsInterpretation interpretation = interpretation_of(kept->bands);
  g_signal_connect(image.get_image(), "postclose", G_CALLBACK(drop), kept.release());
  return image.copy(VImage::option()->set("interpretation", interpretation));
}

}  // namespace imageserver
