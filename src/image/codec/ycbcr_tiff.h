// TIFF pages of luma and chroma that no codec has turned into RGB: libvips takes such samples for
// RGB, or refuses them. libtiff reads them, and converts them by the page's own tags
// (YCbCrCoefficients, YCbCrSubSampling, ReferenceBlackWhite; TIFF 6.0, section 21). Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_YCBCR_TIFF_H_
#define IMAGESERVER_IMAGE_CODEC_YCBCR_TIFF_H_

#include <string_view>
#include <vips/vips8>

#include "formats/tiff_page.h"

namespace imageserver {

[[nodiscard]] bool is_ycbcr_tiff(const TiffPage& page);

// The page in RGB, before its orientation is applied, with its number of pages, orientation,
// profile and XMP. Lazy: it takes memory for the strips or tiles that one row lies in. Throws
// vips::VError. REQUIRES: the file outlives the result; is_ycbcr_tiff() of the page.
[[nodiscard]] vips::VImage load_ycbcr_tiff(std::string_view file, int page);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_YCBCR_TIFF_H_
