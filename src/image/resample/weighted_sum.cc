#include "image/resample/weighted_sum.h"

#include "image/resample/weighted_sum_avx2.h"

namespace imageserver {

const WeightedSum& weighted_sum() {
  const WeightedSum* const fast = weighted_sum_of_avx2();
  return fast == nullptr ? portable_weighted_sum() : *fast;
}

}  // namespace imageserver
