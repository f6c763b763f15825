#include "image/resample/pixel_loops.h"

#include "image/resample/pixel_loops_avx2.h"

namespace imageserver {

const PixelLoops& pixel_loops() {
  const PixelLoops* const fast = pixel_loops_of_avx2();
  return fast == nullptr ? portable_pixel_loops() : *fast;
}

}  // namespace imageserver
