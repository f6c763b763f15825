#include "image/codec/codec.h"

#include <array>
#include <cstddef>

#include "formats/format_table.h"
#include "formats/webp_chunks.h"
#include "image/codec/frame_refusal.h"
#include "image/codec/gif_load.h"
#include "image/codec/jpeg_pixels.h"
#include "image/codec/jxl_load.h"
#include "image/codec/loaders.h"
#include "image/codec/savers.h"
#include "image/codec/svg_load.h"
#include "image/codec/tiff_load.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr auto kCodecs = std::to_array<Codec>({
    {.type = FileType::kJpeg,
     .reader = {.loader = "VipsForeignLoadJpegBuffer",
                .open = VImage::jpegload_buffer,
                .set_scale = set_shrink,
                .quick_header = plain_jpeg_header,
                .has_all_pixels = jpeg_has_all_pixels},
     .writer = {"VipsForeignSaveJpegBuffer", save_jpeg}},
    {.type = FileType::kPng,
     .reader = {"VipsForeignLoadPngBuffer", load_png},
     .writer = {"VipsForeignSavePngBuffer", save_png}},
    {.type = FileType::kGif,
     .reader = {.header = load_gif_header, .read = load_gif, .refusal = gif_refusal},
     .writer = {"VipsForeignSaveCgifBuffer", save_gif}},
    {.type = FileType::kWebp,
     .reader = {.loader = "VipsForeignLoadWebpBuffer",
                .open = VImage::webpload_buffer,
                .set_scale = set_scale,
                .claimed_size = webp_canvas,
                .refusal = webp_refusal},
     .writer = {"VipsForeignSaveWebpBuffer", save_webp}},
    {.type = FileType::kAvif,
     .reader = {.open_page = load_heif},
     .writer = {"VipsForeignSaveHeifBuffer", save_avif}},
    {.type = FileType::kHeic, .reader = {.open_page = load_heif}},
    {.type = FileType::kTiff,
     .reader = {.loader = "VipsForeignLoadTiffBuffer",
                .open = nullptr,
                .open_page = load_tiff,
                .refusal = tiff_refusal},
     .writer = {"VipsForeignSaveTiffBuffer", save_tiff}},
    {.type = FileType::kBmp,
     .reader = {.header = load_bmp_header, .profile = bmp_profile, .read = load_bmp},
     .writer = {nullptr, save_bmp}},
    {.type = FileType::kSvg, .reader = {.header = load_svg_header, .read = load_svg}},
    {.type = FileType::kPdf, .reader = {"VipsForeignLoadPdfBuffer", load_pdf, set_scale}},
    {.type = FileType::kJxl, .reader = {.header = load_jxl_header, .read = load_jxl}},
});

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < kCodecs.size(); ++i) {
    if (static_cast<std::size_t>(kCodecs[i].type) != i) return false;
  }
  return true;
}

static_assert(rows_are_in_order());
static_assert(kCodecs.size() == kFormatRows.size(), "every type has a codec");

}  // namespace

const Codec& codec_of(FileType type) { return kCodecs.at(static_cast<std::size_t>(type)); }

}  // namespace imageserver
