// The writers of files: see Writer (codec.h). Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_SAVERS_H_
#define IMAGESERVER_IMAGE_CODEC_SAVERS_H_

#include <vips/vips8>

#include "base/bytes.h"
#include "params/transform_spec.h"

namespace imageserver {

[[nodiscard]] Bytes save_jpeg(const vips::VImage& image, vips::VOption* options, int quality,
                              const TransformSpec& spec);
[[nodiscard]] Bytes save_png(const vips::VImage& image, vips::VOption* options, int quality,
                             const TransformSpec& spec);
[[nodiscard]] Bytes save_gif(const vips::VImage& image, vips::VOption* options, int quality,
                             const TransformSpec& spec);
[[nodiscard]] Bytes save_webp(const vips::VImage& image, vips::VOption* options, int quality,
                              const TransformSpec& spec);
[[nodiscard]] Bytes save_avif(const vips::VImage& image, vips::VOption* options, int quality,
                              const TransformSpec& spec);
[[nodiscard]] Bytes save_tiff(const vips::VImage& image, vips::VOption* options, int quality,
                              const TransformSpec& spec);
[[nodiscard]] Bytes save_bmp(const vips::VImage& image, vips::VOption* options, int quality,
                             const TransformSpec& spec);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_SAVERS_H_
