// The inner loops of resizing pixels whose bands lie side by side, by the processor's vector
// instructions where it has them.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PIXEL_LOOPS_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PIXEL_LOOPS_H_

#include "image/resample/portable_pixel_loops.h"

namespace imageserver {

// The fastest this processor can. It lives for ever. Threads: any.
[[nodiscard]] const PixelLoops& pixel_loops();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PIXEL_LOOPS_H_
