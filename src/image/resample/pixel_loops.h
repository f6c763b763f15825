// Chooses the inner loops for resizing interleaved pixels: with vector instructions where the
// processor has them.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PIXEL_LOOPS_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PIXEL_LOOPS_H_

#include "image/resample/portable_pixel_loops.h"

namespace imageserver {

// The fastest loops for this processor. They live for ever. Threads: any.
[[nodiscard]] const PixelLoops& pixel_loops();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PIXEL_LOOPS_H_
