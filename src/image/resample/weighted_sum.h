// Chooses the inner loops for resizing planes: with vector instructions where the processor has
// them.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_WEIGHTED_SUM_H_
#define IMAGESERVER_IMAGE_RESAMPLE_WEIGHTED_SUM_H_

#include "image/resample/portable_weighted_sum.h"

namespace imageserver {

// The fastest loops for this processor. They live for ever. Threads: any.
[[nodiscard]] const WeightedSum& weighted_sum();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_WEIGHTED_SUM_H_
