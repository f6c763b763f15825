#include "image/decode.h"

#include <algorithm>

#include "image/blob.h"

namespace imageserver {
namespace {

using vips::VImage;
using vips::VOption;

VImage open(const Bytes& source, Format format, VOption* options) {
  const Blob blob = borrow(source.view());
  options->set("access", VIPS_ACCESS_SEQUENTIAL);
  switch (format) {
    case Format::kJpeg:
      return VImage::jpegload_buffer(blob.get(), options);
    case Format::kPng:
      return VImage::pngload_buffer(blob.get(), options);
    case Format::kGif:
      return VImage::gifload_buffer(blob.get(), options);
    case Format::kWebp:
      return VImage::webpload_buffer(blob.get(), options);
  }
  throw vips::VError("no loader for this format");
}

// At full depth the resize would cost twice as much for what 8 bits cannot show.
VImage to_8_bits(const VImage& image) {
  if (image.format() == VIPS_FORMAT_UCHAR) return image;
  const auto interpretation =
      image.bands() < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  return image.cast(VIPS_FORMAT_UCHAR, VImage::option()->set("shift", true))
      .copy(VImage::option()->set("interpretation", interpretation));
}

// The longest step down to the plan that both sides allow.
double common_shrink(const Plan& plan) {
  return std::min(static_cast<double>(plan.x.length) / plan.x.scaled,
                  static_cast<double>(plan.y.length) / plan.y.scaled);
}

double jpeg_step(double shrink) {
  for (const double step : {8.0, 4.0, 2.0}) {
    if (shrink >= step) return step;
  }
  return 1.0;
}

}  // namespace

Size Header::upright() const { return swaps_sides(orientation) ? transposed(stored) : stored; }

Header read_header(const Bytes& source, Format format) {
  const VImage image = open(source, format, VImage::option());
  VipsImage* const raw = image.get_image();
  return {.format = format,
          .stored = {image.width(), vips_image_get_page_height(raw)},
          .frames = vips_image_get_n_pages(raw),
          .orientation = vips_image_get_orientation(raw)};
}

double shrink_on_load(const Header& header, const Plan& plan, Resampling resampling) {
  // Decoders average, and nearest neighbour must not.
  if (resampling == Resampling::kNearestNeighbor) return 1.0;
  // They do it coarsely: a factor of 2 is left for the kernel that was asked for.
  const double shrink = common_shrink(plan) / 2;
  if (shrink <= 1.0) return 1.0;
  if (header.format == Format::kJpeg) return jpeg_step(shrink);
  return header.format == Format::kWebp && header.frames == 1 ? shrink : 1.0;
}

VImage decode(const Bytes& source, const Header& header, int frames, double shrink) {
  VOption* const options = VImage::option();
  options->set("fail_on", VIPS_FAIL_ON_TRUNCATED);
  if (frames > 1) options->set("n", frames);
  if (shrink > 1.0 && header.format == Format::kJpeg)
    options->set("shrink", static_cast<int>(shrink));
  if (shrink > 1.0 && header.format == Format::kWebp) options->set("scale", 1.0 / shrink);
  return to_8_bits(open(source, header.format, options));
}

}  // namespace imageserver
