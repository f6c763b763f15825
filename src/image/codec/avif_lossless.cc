#include "image/codec/avif_lossless.h"

#include <libheif/heif.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "formats/heif_items.h"
#include "image/codec/effort.h"
#include "image/codec/metadata.h"
#include "image/raster/raster.h"
#include "image/vips/blob.h"

namespace imageserver {
namespace {

using vips::VImage;

// Calls a function of libheif to free what it made.
template <auto Release>
struct Freed {
  template <class Handle>
  void operator()(Handle* handle) const {
    Release(handle);
  }
};

using Context = std::unique_ptr<heif_context, Freed<heif_context_free>>;
using Encoder = std::unique_ptr<heif_encoder, Freed<heif_encoder_release>>;
using Picture = std::unique_ptr<heif_image, Freed<heif_image_release>>;
using Handle = std::unique_ptr<heif_image_handle, Freed<heif_image_handle_release>>;
using Options = std::unique_ptr<heif_encoding_options, Freed<heif_encoding_options_free>>;
using Colours = std::unique_ptr<heif_color_profile_nclx, Freed<heif_nclx_color_profile_free>>;

// Texts of libheif may say that there is no memory (says_out_of_memory of image/vips/guard.cc).
void check(const heif_error& error) {
  if (error.code != heif_error_Ok) throw vips::VError(std::string("heif: ") + error.message);
}

// For each band its plane: red lies in that of Cr, green in that of Y, blue in that of Cb.
constexpr std::array kGreyPlanes = {heif_channel_Y, heif_channel_Alpha};
constexpr std::array kColourPlanes = {heif_channel_Cr, heif_channel_Y, heif_channel_Cb,
                                      heif_channel_Alpha};

bool is_grey(const RasterView& raster) { return raster.bands < 3; }

void add_plane(heif_image* picture, heif_channel channel, const RasterView& raster, int band) {
  const auto [width, height] = raster.size;
  check(heif_image_add_plane(picture, channel, width, height, 8));
  int stride = 0;
  std::uint8_t* const plane = heif_image_get_plane(picture, channel, &stride);
  const auto bands = static_cast<std::size_t>(raster.bands);
  const std::uint8_t* from = raster.pixels.data() + band;
  for (int y = 0; y < height; ++y) {
    std::uint8_t* const row = plane + std::ptrdiff_t{y} * stride;
    for (int x = 0; x < width; ++x, from += bands) row[x] = *from;
  }
}

Colours colours_of(const RasterView& raster) {
  Colours colours(heif_nclx_color_profile_alloc());
  colours->color_primaries = heif_color_primaries_ITU_R_BT_709_5;
  colours->transfer_characteristics = heif_transfer_characteristic_IEC_61966_2_1;
  colours->matrix_coefficients =
      is_grey(raster) ? heif_matrix_coefficients_ITU_R_BT_601_6 : heif_matrix_coefficients_RGB_GBR;
  colours->full_range_flag = 1;
  return colours;
}

Picture picture_of(const RasterView& raster) {
  heif_image* made = nullptr;
  check(heif_image_create(raster.size.width, raster.size.height,
                          is_grey(raster) ? heif_colorspace_monochrome : heif_colorspace_YCbCr,
                          is_grey(raster) ? heif_chroma_monochrome : heif_chroma_444, &made));
  Picture picture(made);
  for (int band = 0; band < raster.bands; ++band) {
    const auto index = static_cast<std::size_t>(band);
    add_plane(made, is_grey(raster) ? kGreyPlanes.at(index) : kColourPlanes.at(index), raster,
              band);
  }
  check(heif_image_set_nclx_color_profile(made, colours_of(raster).get()));
  return picture;
}

Encoder lossless_encoder(heif_context* context) {
  heif_encoder* made = nullptr;
  check(heif_context_get_encoder_for_format(context, heif_compression_AV1, &made));
  Encoder encoder(made);
  constexpr int kFastest = 9;
  check(heif_encoder_set_lossless(made, 1));
  check(heif_encoder_set_parameter_integer(made, "speed", kFastest - kAvifEffort));
  check(heif_encoder_set_parameter_string(made, "chroma", "444"));
  return encoder;
}

// REQUIRES: the image lies in memory, and outlives the view.
RasterView view_of(const VImage& image) {
  const auto* const first = static_cast<const std::uint8_t*>(image.data());
  return {{image.width(), image.height()},
          image.bands(),
          std::span(first, static_cast<std::size_t>(VIPS_IMAGE_SIZEOF_IMAGE(image.get_image())))};
}

struct Blocks {
  std::string exif;
  std::string xmp;
};

// EXIF behind the four bytes before it.
std::string_view tiff_of(std::string_view content) {
  constexpr std::size_t kOffset = 4;
  return content.substr(std::min(kOffset, content.size()));
}

// libvips alone brings a block of EXIF up to date with the fields of a picture, and only while it
// writes one: so it writes a small one.
Blocks blocks_of(const VImage& image) {
  if (!has_metadata(image)) return {};
  constexpr int kSide = 16;
  const VImage small = image.extract_area(0, 0, 1, 1).replicate(kSide, kSide);
  const Blob saved(small.heifsave_buffer(
      VImage::option()->set("compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1)->set("effort", 0)));
  const std::optional<HeifItems> items = HeifItems::read(view(saved));
  if (!items) throw vips::VError("heif: no list of items");
  Blocks blocks;
  for (const HeifItem& item : items->all()) {
    const std::string content = items->content(item).value_or("");
    if (item.type == "Exif") blocks.exif = tiff_of(content);
    if (item.type == "mime") blocks.xmp = content;
  }
  return blocks;
}

void add_blocks(heif_context* context, const heif_image_handle* handle, const Blocks& blocks) {
  if (!blocks.exif.empty()) {
    check(heif_context_add_exif_metadata(context, handle, blocks.exif.data(),
                                         static_cast<int>(blocks.exif.size())));
  }
  if (!blocks.xmp.empty()) {
    check(heif_context_add_XMP_metadata(context, handle, blocks.xmp.data(),
                                        static_cast<int>(blocks.xmp.size())));
  }
}

// Called by libheif with the file. Nothing may be thrown through it.
heif_error append(heif_context* /*context*/, const void* data, std::size_t size, void* file) {
  try {
    static_cast<std::string*>(file)->append(static_cast<const char*>(data), size);
    return {heif_error_Ok, heif_suberror_Unspecified, ""};
  } catch (const std::exception&) {
    return {heif_error_Memory_allocation_error, heif_suberror_Unspecified, "out of memory"};
  }
}

}  // namespace

Bytes encode_lossless_avif(const VImage& image) {
  const VImage pixels = image.copy_memory();
  const Context context(heif_context_alloc());
  const Encoder encoder = lossless_encoder(context.get());
  const Options options(heif_encoding_options_alloc());
  options->save_alpha_channel = 1;
  heif_image_handle* made = nullptr;
  check(heif_context_encode_image(context.get(), picture_of(view_of(pixels)).get(), encoder.get(),
                                  options.get(), &made));
  const Handle handle(made);
  add_blocks(context.get(), made, blocks_of(pixels));
  std::string file;
  heif_writer writer{1, append};
  check(heif_context_write(context.get(), &writer, &file));
  return Bytes::own(std::move(file));
}

}  // namespace imageserver
