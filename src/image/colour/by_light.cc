#include "image/colour/by_light.h"

#include <memory>

#include "image/colour/light_converter.h"

namespace imageserver {
namespace {

using vips::VImage;

// What the result reads while it lives.
struct Source {
  VImage image;
  LightConverter converter;
};

// Called by libvips for a part of the result.
int convert_part(VipsRegion* result, void* sequence, void*, void* source, gboolean*) {
  auto* const in = static_cast<VipsRegion*>(sequence);
  const VipsRect& part = result->valid;
  if (vips_region_prepare(in, &part) != 0) return -1;
  const LightConverter& converter = static_cast<const Source*>(source)->converter;
  for (int y = part.top; y < VIPS_RECT_BOTTOM(&part); ++y) {
    converter.convert(VIPS_REGION_ADDR(in, part.left, y), VIPS_REGION_ADDR(result, part.left, y),
                      static_cast<std::size_t>(part.width));
  }
  return 0;
}

void forget(void* source) { delete static_cast<Source*>(source); }

}  // namespace

VImage by_light(const VImage& image, const LightSpace& space) {
  const auto depth =
      image.format() == VIPS_FORMAT_UCHAR ? LightConverter::Depth::k8 : LightConverter::Depth::k16;
  auto source = std::make_unique<Source>(image, LightConverter(space, image.bands(), depth));
  VImage result(vips_image_new());
  VipsImage* const raw = result.get_image();
  VipsImage* const in = image.get_image();
  if (vips_image_pipelinev(raw, VIPS_DEMAND_STYLE_THINSTRIP, in, nullptr) != 0)
    throw vips::VError();
  raw->BandFmt = VIPS_FORMAT_UCHAR;
  raw->Type = image.bands() < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  Source* const kept = source.release();
  g_object_set_data_full(G_OBJECT(raw), "imageserver-source", kept, forget);
  if (vips_image_generate(raw, vips_start_one, convert_part, vips_stop_one, in, kept) != 0)
    throw vips::VError();
  return result;
}

}  // namespace imageserver
