// The rows of the table of formats, for code that needs them while it is compiled. All other code
// asks formats/format.h.

#ifndef IMAGESERVER_FORMATS_FORMAT_TABLE_H_
#define IMAGESERVER_FORMATS_FORMAT_TABLE_H_

#include <array>
#include <string_view>

#include "formats/bmp_header.h"
#include "formats/format_row.h"
#include "formats/gif_blocks.h"
#include "formats/heif_brands.h"
#include "formats/jpeg_markers.h"
#include "formats/png_chunks.h"
#include "formats/svg_text.h"
#include "formats/tiff_directories.h"
#include "formats/webp_chunks.h"

namespace imageserver {

// In the order of FileType.
inline constexpr auto kFormatRows = [] {
  using std::string_view_literals::operator""sv;
  return std::to_array<FormatRow>({
      {.type = FileType::kJpeg,
       .name = "jpeg",
       .title = "JPEG",
       .decode_work = 1,
       .beginnings = {"\xFF\xD8\xFF"sv},
       .is_sound = jpeg_is_sound,
       .with_end = jpeg_with_end,
       .has_sound_header = jpeg_has_few_segments,
       .result = ResultTraits{.format = Format::kJpeg,
                              .media_type = "image/jpeg",
                              .encode_work = 2,
                              .alias = "jpg",
                              .default_quality = 80,
                              .progressive = true,
                              .alpha = false,
                              .metadata = true}},
      {.type = FileType::kPng,
       .name = "png",
       .title = "PNG",
       .decode_work = 2,
       .beginnings = {"\x89PNG\r\n\x1A\n"sv},
       .is_sound = [](std::string_view bytes, int) { return png_has_end(bytes); },
       .with_end = png_with_end,
       .readable = png_without_long_text,
       .has_sound_header = png_header_is_sound,
       .result = ResultTraits{.format = Format::kPng,
                              .media_type = "image/png",
                              .encode_work = 16,
                              .palette = true,
                              .progressive = true,
                              .metadata = true}},
      {.type = FileType::kGif,
       .name = "gif",
       .title = "GIF",
       .decode_work = 2,
       .beginnings = {"GIF87a"sv, "GIF89a"sv},
       .is_sound = [](std::string_view bytes, int) { return gif_has_end(bytes); },
       .with_end = gif_with_end,
       .pages = true,
       .animation = true,
       .result = ResultTraits{.format = Format::kGif,
                              .media_type = "image/gif",
                              .encode_work = 45,
                              .palette = true,
                              .progressive = true}},
      {.type = FileType::kWebp,
       .name = "webp",
       .title = "WebP",
       .decode_work = 2,
       .beginnings = {"RIFF"sv},
       .is_it = riff_is_webp,
       .pages = true,
       .animation = true,
       .result = ResultTraits{.format = Format::kWebp,
                              .media_type = "image/webp",
                              .encode_work = 14,
                              .default_quality = 79,
                              .lossless = true,
                              .lossless_work = 100,
                              .metadata = true}},
      // The encoder takes about a second for max_pixels, and cannot be stopped.
      {.type = FileType::kAvif,
       .name = "avif",
       .title = "AVIF",
       .decode_work = 4,
       .is_it = is_avif,
       .pages = true,
       .result = ResultTraits{.format = Format::kAvif,
                              .media_type = "image/avif",
                              .encode_work = 18,
                              .default_quality = 63,
                              .lossless = true,
                              .lossless_work = 60,
                              .metadata = true,
                              .max_pixels = 16'000'000}},
      {.type = FileType::kHeic,
       .name = "heic",
       .title = "HEIC",
       .decode_work = 8,
       .is_it = is_heic,
       .pages = true},
      // The last two beginnings are BigTIFF's.
      {.type = FileType::kTiff,
       .name = "tiff",
       .title = "TIFF",
       .decode_work = 2,
       .beginnings = {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv},
       .readable = tiff_cut_at_bad_link,
       .has_sound_header = tiff_directories_end,
       .pages = true,
       .result = ResultTraits{.format = Format::kTiff,
                              .media_type = "image/tiff",
                              .encode_work = 30,
                              .alias = "tif"}},
      {.type = FileType::kBmp,
       .name = "bmp",
       .title = "BMP",
       .decode_work = 1,
       .beginnings = {"BM"sv},
       .is_it = is_bmp,
       .result = ResultTraits{.format = Format::kBmp, .media_type = "image/bmp", .encode_work = 1}},
      {.type = FileType::kSvg,
       .name = "svg",
       .title = "SVG",
       .decode_work = 10,
       .is_it = is_svg,
       .has_sound_header = svg_stands_alone,
       .vector = true,
       .permission = &UntrustedFormats::svg},
      {.type = FileType::kPdf,
       .name = "pdf",
       .title = "PDF",
       .decode_work = 10,
       .beginnings = {"%PDF-"sv},
       .pages = true,
       .vector = true,
       .permission = &UntrustedFormats::pdf},
      // A bare codestream, and one in a container.
      {.type = FileType::kJxl,
       .name = "jxl",
       .title = "JPEG XL",
       .decode_work = 8,
       .beginnings = {"\xFF\x0A"sv, "\0\0\0\x0CJXL \r\n\x87\n"sv},
       .permission = &UntrustedFormats::jxl},
  });
}();

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_FORMAT_TABLE_H_
