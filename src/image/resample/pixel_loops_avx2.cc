#include "image/resample/pixel_loops_avx2.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <array>

#include "image/resample/avx2.h"

namespace imageserver {
namespace {

// Each function is marked for AVX2, as the program is built for any processor.

constexpr std::size_t kHalfLane = kWordLane / 2;

using avx2::at;
using avx2::half_at;
using avx2::pair_of;

// Four pixels, a word a band: colours times alpha, alpha times 255.
[[gnu::target("avx2")]] inline __m256i weighed(__m256i pixels) {
  const __m256i spread = _mm256_shufflehi_epi16(_mm256_shufflelo_epi16(pixels, 0xff), 0xff);
  const __m256i factors = _mm256_blend_epi16(spread, _mm256_set1_epi16(255), 0x88);
  const __m256i rounding = _mm256_set1_epi16(1 << (kProductBits - 1));
  const __m256i products = _mm256_mullo_epi16(pixels, factors);
  return _mm256_srli_epi16(_mm256_add_epi16(products, rounding), kProductBits);
}

[[gnu::target("avx2")]] void weigh(std::span<const std::uint8_t> pixels, int bands,
                                   std::int16_t* words) {
  constexpr std::size_t kBlock = sizeof(__m128i);
  std::size_t i = 0;
  for (; bands == 4 && i + kBlock <= pixels.size(); i += kBlock) {
    const __m128i bytes = _mm_loadu_si128(half_at(&pixels[i]));
    _mm256_storeu_si256(at(words + i), weighed(_mm256_cvtepu8_epi16(bytes)));
  }
  if (i < pixels.size()) portable_pixel_loops().weigh(pixels.subspan(i), bands, words + i);
}

// Sums of 16 columns, in the order in which words are unpacked.
struct Sums {
  __m256i low;
  __m256i high;
};

// Two rows at once: their words side by side are multiplied by a pair of weights.
[[gnu::target("avx2")]] inline Sums plus_rows(const Sums& sums, __m256i upper, __m256i lower,
                                              __m256i pair) {
  const __m256i low = _mm256_unpacklo_epi16(upper, lower);
  const __m256i high = _mm256_unpackhi_epi16(upper, lower);
  return {_mm256_add_epi32(sums.low, _mm256_madd_epi16(low, pair)),
          _mm256_add_epi32(sums.high, _mm256_madd_epi16(high, pair))};
}

[[gnu::target("avx2")]] inline void store(const Sums& sums, std::int16_t* out) {
  _mm256_storeu_si256(at(out), _mm256_packs_epi32(_mm256_srai_epi32(sums.low, Weights::kBits),
                                                  _mm256_srai_epi32(sums.high, Weights::kBits)));
}

[[gnu::target("avx2")]] void of_rows(const std::int16_t* rows, std::size_t stride, int count,
                                     std::span<const std::int16_t> weights,
                                     std::span<std::int16_t> sum) {
  const auto last = static_cast<std::size_t>(count) - 1;
  const __m256i half = _mm256_set1_epi32(Weights::kOne / 2);
  for (std::size_t x = 0; x < sum.size(); x += kWordLane) {
    Sums left{half, half};
    Sums right{half, half};
    for (std::size_t k = 0; k < weights.size(); k += kPixelRowLane) {
      const std::int16_t* const upper = rows + std::min(k, last) * stride + x;
      const std::int16_t* const lower = rows + std::min(k + 1, last) * stride + x;
      const __m256i pair = pair_of(&weights[k]);
      left = plus_rows(left, _mm256_loadu_si256(at(upper)), _mm256_loadu_si256(at(lower)), pair);
      right = plus_rows(right, _mm256_loadu_si256(at(upper + kHalfLane)),
                        _mm256_loadu_si256(at(lower + kHalfLane)), pair);
    }
    store(left, &sum[x]);
    store(right, &sum[x + kHalfLane]);
  }
}

// The shuffle that puts the bytes of two pixels side by side, band by band; -1 for missing bands.
std::array<std::int8_t, 16> make_pairs(int bands) {
  std::array<std::int8_t, 16> pairs;
  pairs.fill(-1);
  for (int band = 0; band < bands; ++band) {
    const auto place = static_cast<std::size_t>(band) * 4;
    pairs.at(place) = static_cast<std::int8_t>(band * 2);
    pairs.at(place + 1) = static_cast<std::int8_t>(band * 2 + 1);
    pairs.at(place + 2) = static_cast<std::int8_t>((band + bands) * 2);
    pairs.at(place + 3) = static_cast<std::int8_t>((band + bands) * 2 + 1);
  }
  return pairs;
}

// Four pixels at once: two for each half of a register, which has a sum for each band.
[[gnu::target("avx2")]] void of_columns(const std::int16_t* row, int bands, const Weights& weights,
                                        std::int16_t* result) {
  const auto each = static_cast<std::size_t>(bands);
  const std::array<std::int8_t, 16> bytes = make_pairs(bands);
  const __m256i pairs = _mm256_broadcastsi128_si256(_mm_loadu_si128(half_at(bytes.data())));
  const __m256i halves = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  const __m128i half = _mm_set1_epi32(Weights::kOne / 2);
  for (int i = 0; i < weights.count(); ++i) {
    const auto [first, of_this] = weights.taps(i);
    const std::int16_t* part = row + static_cast<std::size_t>(first) * each;
    __m256i sums = _mm256_setzero_si256();
    for (std::size_t k = 0; k < of_this.size(); k += kPixelColumnLane, part += 4 * each) {
      const __m256i pixels =
          _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(half_at(part))),
                                  _mm_loadu_si128(half_at(part + 2 * each)), 1);
      const __m256i four = _mm256_permutevar8x32_epi32(
          _mm256_castsi128_si256(_mm_loadl_epi64(half_at(&of_this[k]))), halves);
      sums = _mm256_add_epi32(sums, _mm256_madd_epi16(_mm256_shuffle_epi8(pixels, pairs), four));
    }
    const __m128i sum = _mm_add_epi32(
        half, _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1)));
    const __m128i words = _mm_srai_epi32(sum, Weights::kBits);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(result), _mm_packs_epi32(words, words));
    result += bands;
  }
}

constexpr PixelLoops kAvx2{weigh, of_rows, of_columns};

}  // namespace

const PixelLoops* pixel_loops_of_avx2() {
  return __builtin_cpu_supports("avx2") ? &kAvx2 : nullptr;
}

}  // namespace imageserver

#else

namespace imageserver {

const PixelLoops* pixel_loops_of_avx2() { return nullptr; }

}  // namespace imageserver

#endif
