// Planes of samples are scaled, each by itself.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_PLANE_SCALER_H_
#define IMAGESERVER_IMAGE_RESAMPLE_PLANE_SCALER_H_

#include <cstddef>

#include "image/resample/byte_plane.h"
#include "image/resample/lanczos.h"
#include "image/resample/weighted_sum.h"

namespace imageserver {

// How planes of one size are scaled, for as many as there are. Threads: any number at a time.
class PlaneScaler {
 public:
  // REQUIRES: what Weights requires.
  PlaneScaler(const Sampling& columns, const Sampling& rows, const Levels& levels = {});

  // columns.count by rows.count samples, averaged in one dimension after the other, with 6 bits of
  // fraction in between. REQUIRES: the plane has as many samples as the axes say.
  [[nodiscard]] BytePlane scale(const BytePlane& plane,
                                const WeightedSum& sum = weighted_sum()) const;

 private:
  const Weights across_;
  const Weights down_;
  const double offset_;
  const std::size_t begin_;  // of the lanes of a row that are looked at
  const std::size_t size_;
};

// With rows for columns.
[[nodiscard]] BytePlane transposed(const BytePlane& plane);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_PLANE_SCALER_H_
