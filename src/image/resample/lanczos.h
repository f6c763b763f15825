// The weights with which samples along one axis are averaged: Lanczos of 3 lobes, stretched where
// the axis becomes shorter.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_LANCZOS_H_
#define IMAGESERVER_IMAGE_RESAMPLE_LANCZOS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace imageserver {

// Places along an axis of pixels whose middles lie at 0, 1, 2 and so on: the middle of the first
// sample of the result, the step to the next (negative where the axis is mirrored) and how many
// there are. What is looked for outside [low, high) is taken from the nearest pixel inside.
struct Sampling {
  double first = 0;
  double step = 1;
  int count = 0;
  int low = 0;
  int high = 0;

  // Where a sample stands for several pixels (1, 2 or 4; chroma), of `samples` there are. Pixels in
  // between are interpolated as JPEG's decoders do: of two, each takes a quarter from the next
  // sample on its side; of four, all are equal.
  int pixels_a_sample = 1;
  int samples = 0;
};

// All of so many pixels, each of which has a sample, become `count`.
[[nodiscard]] Sampling all_of(int pixels, int count);

// What becomes of levels on the way: level * scale + offset. Where studio range is wanted.
struct Levels {
  double scale = 1;
  double offset = 0;
};

// Fixed point: a weight of kOne counts a sample once. Threads: any number may read it.
class Weights {
 public:
  static constexpr int kBits = 14;
  static constexpr int kOne = 1 << kBits;

  // The samples that one sample of the result is made of.
  struct Taps {
    int first;
    std::span<const std::int16_t> weights;
  };

  // Each result gets a multiple of `lane` weights, the last ones 0 where fewer were enough: these
  // may stand for samples that are not there, and must not matter. The weights of a result add up
  // to scale * kOne exactly. REQUIRES: 0 <= low < high <= samples * pixels_a_sample; step is not 0;
  // 0 < scale <= 1.
  Weights(const Sampling& sampling, double scale, std::size_t lane);

  [[nodiscard]] int count() const { return static_cast<int>(first_.size()); }
  [[nodiscard]] Taps taps(int i) const {
    const auto at = static_cast<std::size_t>(i);
    return {first_[at], std::span(weights_).subspan(begin_[at], begin_[at + 1] - begin_[at])};
  }

 private:
  std::vector<int> first_;
  std::vector<std::size_t> begin_;
  std::vector<std::int16_t> weights_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_LANCZOS_H_
