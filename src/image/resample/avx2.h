// What the loops written for AVX2 share. Who calls them has asked the processor first.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_AVX2_H_
#define IMAGESERVER_IMAGE_RESAMPLE_AVX2_H_

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstdint>

namespace imageserver::avx2 {

// Memory as the instructions want it named; it need not be aligned.
inline const __m256i* at(const void* place) { return static_cast<const __m256i*>(place); }
inline __m256i* at(void* place) { return static_cast<__m256i*>(place); }
inline const __m128i* half_at(const void* place) { return static_cast<const __m128i*>(place); }

// Two weights, for words that lie side by side, in each place. REQUIRES: two are there.
[[gnu::target("avx2")]] inline __m256i pair_of(const std::int16_t* weights) {
  return _mm256_set1_epi32(static_cast<std::uint16_t>(weights[0]) |
                           static_cast<int>(weights[1]) * (1 << 16));
}

}  // namespace imageserver::avx2

#endif

#endif  // IMAGESERVER_IMAGE_RESAMPLE_AVX2_H_
