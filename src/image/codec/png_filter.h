// The filters of PNG (ISO/IEC 15948, clause 9): a row becomes its differences from what is around.

#ifndef IMAGESERVER_IMAGE_CODEC_PNG_FILTER_H_
#define IMAGESERVER_IMAGE_CODEC_PNG_FILTER_H_

#include <cstdint>
#include <vector>

#include "image/codec/png_pixels.h"

namespace imageserver {

enum class PngFilters : std::uint8_t {
  kNone,      // for drawings: what repeats stays the same
  kSmallest,  // for photographs: in each row the filter whose differences are smallest
};

// `rows` rows from `first` on, each behind the byte that names its filter. Threads: any. REQUIRES:
// there are such rows.
[[nodiscard]] std::vector<std::uint8_t> filtered(const PngPixels& pixels, int first, int rows,
                                                 PngFilters filters);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_PNG_FILTER_H_
