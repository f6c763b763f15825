// Scales planes of samples.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PLANE_SCALER_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PLANE_SCALER_H_

#include <cstddef>

#include "image/resample/byte_plane.h"
#include "image/resample/lanczos.h"
#include "image/resample/plane_loops.h"

namespace imageserver {

// Scales any number of planes of one size in the same way. Threads: any number at once.
class PlaneScaler {
 public:
  // REQUIRES: what Weights requires.
  PlaneScaler(const Sampling& columns, const Sampling& rows, const Levels& levels = {});

  // The plane with columns.count by rows.count samples. Averages one dimension after the other,
  // with 6 bits of fraction between them. REQUIRES: the plane has as many samples as the samplings
  // say.
  [[nodiscard]] BytePlane scale(const BytePlane& plane,
                                const PlaneLoops& sum = plane_loops()) const;

 private:
  const Weights across_;
  const Weights down_;
  const double offset_;
  const std::size_t begin_;  // of the lanes of a row that are read
  const std::size_t size_;
};

// The plane with rows and columns exchanged.
[[nodiscard]] BytePlane transposed(const BytePlane& plane);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PLANE_SCALER_H_
