// Helpers that the AVX2 loops share. REQUIRES: the processor has AVX2. Threads: any.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_AVX2_H_
#define IMAGESERVER_IMAGE_RESAMPLE_AVX2_H_

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstdint>

namespace imageserver::avx2 {

// Pointers as the load and store intrinsics take them. They need not be aligned.
inline const __m256i* at(const void* place) { return static_cast<const __m256i*>(place); }
inline __m256i* at(void* place) { return static_cast<__m256i*>(place); }
inline const __m128i* half_at(const void* place) { return static_cast<const __m128i*>(place); }

// Two neighbouring weights, repeated in every 32 bits. REQUIRES: both can be read.
[[gnu::target("avx2")]] inline __m256i pair_of(const std::int16_t* weights) {
  return _mm256_set1_epi32(static_cast<std::uint16_t>(weights[0]) |
                           static_cast<int>(weights[1]) * (1 << 16));
}

}  // namespace imageserver::avx2

#endif

#endif  // IMAGESERVER_IMAGE_RESAMPLE_AVX2_H_
