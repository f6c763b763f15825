// The two inner loops of resizing a plane, by the processor's vector instructions where it has
// them.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_WEIGHTED_SUM_H_
#define IMAGESERVER_IMAGE_RESAMPLE_WEIGHTED_SUM_H_

#include "image/resample/portable_weighted_sum.h"

namespace imageserver {

// The fastest this processor can. It lives for ever. Threads: any.
[[nodiscard]] const WeightedSum& weighted_sum();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_WEIGHTED_SUM_H_
