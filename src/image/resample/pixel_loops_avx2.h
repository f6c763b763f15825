// The inner loops for resizing interleaved pixels, in AVX2: 16 words at a time.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PIXEL_LOOPS_AVX2_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PIXEL_LOOPS_AVX2_H_

#include "image/resample/portable_pixel_loops.h"

namespace imageserver {

// Null if this processor has no AVX2. Threads: any.
[[nodiscard]] const PixelLoops* pixel_loops_of_avx2();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PIXEL_LOOPS_AVX2_H_
