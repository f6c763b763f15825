// The inner loops for resizing planes, in AVX2: 32 bytes at a time.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PLANE_LOOPS_AVX2_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PLANE_LOOPS_AVX2_H_

#include "image/resample/portable_plane_loops.h"

namespace imageserver {

// Null if this processor has no AVX2. Threads: any.
[[nodiscard]] const PlaneLoops* plane_loops_of_avx2();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PLANE_LOOPS_AVX2_H_
