#include "image/resample/plane_loops_avx2.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <array>

#include "image/resample/avx2.h"

namespace imageserver {
namespace {

// Each function is marked for AVX2, as the program is built for any processor.

constexpr std::size_t kBlock = 32;

using avx2::at;
using avx2::pair_of;

// Sums of 32 columns, in the order in which bytes are unpacked.
struct Sums {
  __m256i of_0_to_3_and_16_to_19;
  __m256i of_4_to_7_and_20_to_23;
  __m256i of_8_to_11_and_24_to_27;
  __m256i of_12_to_15_and_28_to_31;
};

[[gnu::target("avx2")]] inline Sums sums_of(int each) {
  const __m256i sum = _mm256_set1_epi32(each);
  return {sum, sum, sum, sum};
}

[[gnu::target("avx2")]] inline __m256i plus_product(__m256i sum, __m256i words, __m256i pair) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(words, pair));
}

// Two rows at once: their bytes side by side are multiplied by a pair of weights.
[[gnu::target("avx2")]] inline Sums plus_rows(const Sums& sums, __m256i upper, __m256i lower,
                                              __m256i pair) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i low = _mm256_unpacklo_epi8(upper, lower);
  const __m256i high = _mm256_unpackhi_epi8(upper, lower);
  return {plus_product(sums.of_0_to_3_and_16_to_19, _mm256_unpacklo_epi8(low, zero), pair),
          plus_product(sums.of_4_to_7_and_20_to_23, _mm256_unpackhi_epi8(low, zero), pair),
          plus_product(sums.of_8_to_11_and_24_to_27, _mm256_unpacklo_epi8(high, zero), pair),
          plus_product(sums.of_12_to_15_and_28_to_31, _mm256_unpackhi_epi8(high, zero), pair)};
}

// As words, the sums of each pair of registers.
[[gnu::target("avx2")]] inline __m256i as_words(__m256i first, __m256i second) {
  return _mm256_packs_epi32(_mm256_srai_epi32(first, kRowShift),
                            _mm256_srai_epi32(second, kRowShift));
}

[[gnu::target("avx2")]] inline void store(const Sums& sums, std::int16_t* out) {
  const __m256i even = as_words(sums.of_0_to_3_and_16_to_19, sums.of_4_to_7_and_20_to_23);
  const __m256i odd = as_words(sums.of_8_to_11_and_24_to_27, sums.of_12_to_15_and_28_to_31);
  _mm256_storeu_si256(at(out), _mm256_permute2x128_si256(even, odd, 0x20));
  _mm256_storeu_si256(at(out + kBlock / 2), _mm256_permute2x128_si256(even, odd, 0x31));
}

[[gnu::target("avx2")]] void of_rows(const std::uint8_t* rows, std::size_t stride, int count,
                                     std::span<const std::int16_t> weights,
                                     std::span<std::int16_t> sum) {
  const auto last = static_cast<std::size_t>(count) - 1;
  for (std::size_t x = 0; x < sum.size(); x += kBlock) {
    Sums sums = sums_of(1 << (kRowShift - 1));
    for (std::size_t k = 0; k < weights.size(); k += kRowLane) {
      const __m256i upper = _mm256_loadu_si256(at(rows + std::min(k, last) * stride + x));
      const __m256i lower = _mm256_loadu_si256(at(rows + std::min(k + 1, last) * stride + x));
      sums = plus_rows(sums, upper, lower, pair_of(&weights[k]));
    }
    store(sums, &sum[x]);
  }
}

[[gnu::target("avx2")]] inline __m256i products(const std::int16_t* row,
                                                const Weights::Taps& taps) {
  __m256i sum = _mm256_setzero_si256();
  for (std::size_t k = 0; k < taps.weights.size(); k += kColumnLane) {
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_loadu_si256(at(row + taps.first + k)),
                                                  _mm256_loadu_si256(at(taps.weights.data() + k))));
  }
  return sum;
}

// The sums within four registers, side by side.
[[gnu::target("avx2")]] inline __m128i totals(const __m256i* sums) {
  const __m256i all =
      _mm256_hadd_epi32(_mm256_hadd_epi32(sums[0], sums[1]), _mm256_hadd_epi32(sums[2], sums[3]));
  return _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
}

[[gnu::target("avx2")]] void of_columns(const std::int16_t* row, const Weights& weights,
                                        double bias, std::uint8_t* result) {
  const __m128i rounding = _mm_set1_epi32(rounding_of(bias));
  __m256i sums[8];
  std::array<std::uint8_t, 8> bytes;
  for (int i = 0; i < weights.count(); i += 8) {
    const int some = std::min(8, weights.count() - i);
    for (int j = 0; j < some; ++j) sums[j] = products(row, weights.taps(i + j));
    for (int j = some; j < 8; ++j) sums[j] = _mm256_setzero_si256();
    const __m128i low = _mm_add_epi32(totals(sums), rounding);
    const __m128i high = _mm_add_epi32(totals(sums + 4), rounding);
    const __m128i words =
        _mm_packs_epi32(_mm_srai_epi32(low, kColumnShift), _mm_srai_epi32(high, kColumnShift));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(bytes.data()), _mm_packus_epi16(words, words));
    std::copy_n(bytes.data(), some, result + i);
  }
}

constexpr PlaneLoops kAvx2{of_rows, of_columns};

}  // namespace

const PlaneLoops* plane_loops_of_avx2() {
  return __builtin_cpu_supports("avx2") ? &kAvx2 : nullptr;
}

}  // namespace imageserver

#else

namespace imageserver {

const PlaneLoops* plane_loops_of_avx2() { return nullptr; }

}  // namespace imageserver

#endif
