// Chooses the inner loops for resizing planes: with vector instructions where the processor has
// them.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PLANE_LOOPS_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PLANE_LOOPS_H_

#include "image/resample/portable_plane_loops.h"

namespace imageserver {

// The fastest loops for this processor. They live for ever. Threads: any.
[[nodiscard]] const PlaneLoops& plane_loops();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PLANE_LOOPS_H_
