#include "image/resample/plane_loops.h"

#include "image/resample/plane_loops_avx2.h"

namespace imageserver {

const PlaneLoops& plane_loops() {
  const PlaneLoops* const fast = plane_loops_of_avx2();
  return fast == nullptr ? portable_plane_loops() : *fast;
}

}  // namespace imageserver
