#include "transform_cost/by_libvips.h"

#include <string>
#include <string_view>
#include <vector>
#include <vips/vips8>

#include "image/vips/blob.h"

namespace imageserver::bench {
namespace {

using vips::VImage;
using vips::VInterpolate;
using vips::VOption;

constexpr int kNoBound = VIPS_MAX_COORD;

std::size_t size_of(VipsBlob* saved) { return view(Blob(saved)).size(); }

std::size_t as_jpeg(const VImage& image) {
  return size_of(image.jpegsave_buffer(VImage::option()->set("Q", 80)->set("strip", true)));
}

std::size_t save_png(const VImage& image) {
  return size_of(image.pngsave_buffer(VImage::option()->set("strip", true)));
}

VImage thumbnail(const Material& material, int width, int height = kNoBound,
                 VOption* options = VImage::option()) {
  const Blob blob = borrow(material.source.view());
  return VImage::thumbnail_buffer(blob.get(), width, options->set("height", height));
}

VImage open(const Material& material, VipsAccess access) {
  return VImage::new_from_buffer(material.source.data(), material.source.size(), "",
                                 VImage::option()->set("access", access));
}

VImage from_top_to_bottom(const Material& material) {
  return open(material, VIPS_ACCESS_SEQUENTIAL);
}

VImage in_any_order(const Material& material) { return open(material, VIPS_ACCESS_RANDOM); }

VImage rotated(const VImage& image, const std::vector<double>& background) {
  return image.similarity(VImage::option()
                              ->set("angle", -30.0)
                              ->set("interpolate", VInterpolate::new_from_name("bicubic"))
                              ->set("background", background));
}

VImage with_transparent_corners(const VImage& image) {
  return rotated(image.bandjoin_const({255.0}), {0, 0, 0, 0});
}

// Rounded corners as most draw them, by a mask that is a vector graphic.
VImage corners(const VImage& image, int radius) {
  const std::string side = "width=\"" + std::to_string(image.width()) + "\" height=\"" +
                           std::to_string(image.height()) + "\"";
  const std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" " + side + "><rect " + side +
                          " rx=\"" + std::to_string(radius) + "\"/></svg>";
  const Blob blob(vips_blob_copy(svg.data(), svg.size()));
  return VImage::svgload_buffer(blob.get()).extract_band(3).copy_memory();
}

// One frame at a time: scaled as the one long picture they are read as, each would take something
// from the edge of the next.
VImage small_frames(const Material& material) {
  const VImage all = VImage::new_from_buffer(
      material.source.data(), material.source.size(), "",
      VImage::option()->set("access", VIPS_ACCESS_SEQUENTIAL)->set("n", -1));
  const int height = vips_image_get_page_height(all.get_image());
  std::vector<VImage> frames;
  for (int top = 0; top < all.height(); top += height) {
    const VImage frame = all.extract_area(0, top, all.width(), height);
    frames.push_back(
        frame.thumbnail_image(100, VImage::option()->set("height", kNoBound)).copy_memory());
  }
  VImage roll = VImage::arrayjoin(frames, VImage::option()->set("across", 1)).copy();
  roll.set(VIPS_META_PAGE_HEIGHT, frames.front().height());
  roll.set("delay", all.get_array_int("delay"));
  return roll;
}

}  // namespace

std::size_t thumbnail_100(const Material& material) { return as_jpeg(thumbnail(material, 100)); }

std::size_t thumbnail_500(const Material& material) { return as_jpeg(thumbnail(material, 500)); }

std::size_t stretched(const Material& material) {
  return as_jpeg(thumbnail(material, 500, 300, VImage::option()->set("size", VIPS_SIZE_FORCE)));
}

std::size_t fitted(const Material& material) { return as_jpeg(thumbnail(material, 500, 300)); }

std::size_t filled(const Material& material) {
  return as_jpeg(
      thumbnail(material, 500, 300, VImage::option()->set("crop", VIPS_INTERESTING_CENTRE)));
}

std::size_t filled_smartly(const Material& material) {
  return as_jpeg(
      thumbnail(material, 500, 300, VImage::option()->set("crop", VIPS_INTERESTING_ATTENTION)));
}

std::size_t padded(const Material& material) {
  const VImage small = thumbnail(material, 500, 300);
  return as_jpeg(small.gravity(
      VIPS_COMPASS_DIRECTION_CENTRE, 500, 300,
      VImage::option()->set("extend", VIPS_EXTEND_BACKGROUND)->set("background", 255.0)));
}

std::size_t inside(const Material& material) {
  return as_jpeg(thumbnail(material, 500, 300, VImage::option()->set("size", VIPS_SIZE_DOWN)));
}

std::size_t covering(const Material& material) { return as_jpeg(thumbnail(material, 500)); }

std::size_t enlarged(const Material& material) { return as_jpeg(thumbnail(material, 1000)); }

std::size_t in_linear_light(const Material& material) {
  return as_jpeg(thumbnail(material, 500, kNoBound, VImage::option()->set("linear", true)));
}

std::size_t cropped(const Material& material) {
  return as_jpeg(from_top_to_bottom(material).extract_area(201, 151, 400, 300));
}

std::size_t cropped_and_resized(const Material& material) {
  return as_jpeg(from_top_to_bottom(material).extract_area(200, 150, 600, 450).resize(0.5));
}

std::size_t quarter_turned(const Material& material) {
  return as_jpeg(thumbnail(material, kNoBound, 500).copy_memory().rot270());
}

std::size_t flipped_across(const Material& material) {
  return as_jpeg(thumbnail(material, 500).fliphor());
}

std::size_t flipped_down(const Material& material) {
  return as_jpeg(thumbnail(material, 500).copy_memory().flipver());
}

std::size_t rotated_on_white(const Material& material) {
  return as_jpeg(rotated(in_any_order(material), {255, 255, 255}));
}

std::size_t rotated_and_resized_on_white(const Material& material) {
  const VImage turned = rotated(in_any_order(material), {255, 255, 255});
  return as_jpeg(turned.thumbnail_image(500, VImage::option()->set("height", kNoBound)));
}

std::size_t rotated_and_resized_a_little(const Material& material) {
  const VImage turned = rotated(in_any_order(material), {255, 255, 255});
  return as_jpeg(turned.thumbnail_image(1900, VImage::option()->set("height", kNoBound)));
}

std::size_t rotated_and_resized_in_linear_light(const Material& material) {
  const VImage turned = rotated(in_any_order(material), {255, 255, 255}).copy_memory();
  return as_jpeg(
      turned.thumbnail_image(500, VImage::option()->set("height", kNoBound)->set("linear", true)));
}

std::size_t rotated_transparent(const Material& material) {
  const VImage turned = with_transparent_corners(in_any_order(material));
  return save_png(turned.thumbnail_image(500, VImage::option()->set("height", kNoBound)));
}

std::size_t trimmed(const Material& material) {
  const VImage image = in_any_order(material);
  int top = 0;
  int width = 0;
  int height = 0;
  const int left = image.extract_band(image.bands() - 1)
                       .find_trim(&top, &width, &height,
                                  VImage::option()->set("threshold", 10.0)->set("background", 0.0));
  return save_png(image.extract_area(left, top, width, height));
}

std::size_t blurred(const Material& material) {
  return as_jpeg(thumbnail(material, 500).gaussblur(3, VImage::option()->set("min_ampl", 0.02)));
}

std::size_t sharpened(const Material& material) {
  const VImage small = thumbnail(material, 500).copy_memory();
  return as_jpeg((small * 2 - small.gaussblur(1, VImage::option()->set("min_ampl", 0.02)))
                     .cast(VIPS_FORMAT_UCHAR));
}

std::size_t pixelated(const Material& material) {
  return as_jpeg(thumbnail(material, 500).shrink(10, 10).zoom(10, 10));
}

std::size_t grey(const Material& material) {
  return as_jpeg(thumbnail(material, 500).colourspace(VIPS_INTERPRETATION_B_W));
}

std::size_t toned(const Material& material) {
  std::vector<double> matrix = {1.2, 0, 0, 0, 1.2, 0, 0, 0, 1.2};
  for (int i = 0; i < 9; ++i) matrix.at(i) -= 0.2 * std::vector{0.2126, 0.7152, 0.0722}.at(i % 3);
  const VImage small = thumbnail(material, 500);
  return as_jpeg(small.linear(1.2, 0)
                     .recomb(VImage::new_matrix(3, 3, matrix.data(), 9))
                     .cast(VIPS_FORMAT_UCHAR));
}

std::size_t tinted(const Material& material) {
  return as_jpeg(thumbnail(material, 500)
                     .colourspace(VIPS_INTERPRETATION_LAB)
                     .extract_band(0)
                     .bandjoin_const({20.0, 40.0})
                     .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_LAB))
                     .colourspace(VIPS_INTERPRETATION_sRGB));
}

std::size_t watermarked(const Material& material) {
  const VImage small = thumbnail(material, 500);
  const VImage mark =
      VImage::new_from_buffer(material.mark.data(), material.mark.size(), "").copy_memory();
  const VImage both = small.composite2(mark, VIPS_BLEND_MODE_OVER,
                                       VImage::option()
                                           ->set("x", small.width() - mark.width())
                                           ->set("y", small.height() - mark.height()));
  return as_jpeg(both.flatten());
}

std::size_t rounded(const Material& material) {
  const VImage small = thumbnail(material, 500);
  return save_png(small.bandjoin(corners(small, 40)));
}

std::size_t alpha_resized(const Material& material) { return save_png(thumbnail(material, 160)); }

std::size_t alpha_on_white(const Material& material) {
  return as_jpeg(thumbnail(material, 160).flatten(VImage::option()->set("background", 255.0)));
}

std::size_t as_png(const Material& material) { return save_png(thumbnail(material, 500)); }

std::size_t with_16_colours(const Material& material) {
  return size_of(thumbnail(material, 500)
                     .pngsave_buffer(VImage::option()
                                         ->set("strip", true)
                                         ->set("palette", true)
                                         ->set("bitdepth", 4)
                                         ->set("dither", 1.0)));
}

std::size_t as_webp(const Material& material) {
  return size_of(
      thumbnail(material, 500)
          .webpsave_buffer(VImage::option()->set("Q", 79)->set("effort", 4)->set("strip", true)));
}

std::size_t as_avif(const Material& material) {
  return size_of(thumbnail(material, 500)
                     .heifsave_buffer(VImage::option()
                                          ->set("Q", 63)
                                          ->set("compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1)
                                          ->set("effort", 1)
                                          ->set("bitdepth", 8)
                                          ->set("strip", true)));
}

std::size_t as_tiff(const Material& material) {
  return size_of(
      thumbnail(material, 500)
          .tiffsave_buffer(VImage::option()
                               ->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE)
                               ->set("predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL)
                               ->set("strip", true)));
}

std::size_t as_animated_gif(const Material& material) {
  return size_of(small_frames(material).gifsave_buffer());
}

std::size_t as_animated_webp(const Material& material) {
  return size_of(small_frames(material).webpsave_buffer(
      VImage::option()->set("Q", 79)->set("effort", 4)->set("strip", true)));
}

}  // namespace imageserver::bench
