// The weights by which samples along one axis are averaged: Lanczos with 3 lobes, stretched where
// the axis becomes shorter.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_LANCZOS_H_
#define IMAGESERVER_IMAGE_RESAMPLE_LANCZOS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace imageserver {

// Where the samples of a result lie along an axis of source pixels. The middles of the pixels are
// at 0, 1, 2 and so on.
struct Sampling {
  double first = 0;  // middle of the first sample
  double step = 1;   // from one sample to the next; negative where the axis is mirrored
  int count = 0;     // of samples
  int low = 0;       // pixels outside [low, high) are never read:
  int high = 0;      // the nearest one inside stands for them

  // How much of the last sample lies within the result. A sample of chroma stands for two pixels;
  // where a side is odd, the last one stands for one pixel and for nothing. It is made of that
  // pixel alone.
  double last_share = 1;

  // The source has `samples` samples, each of which stands for 1, 2 or 4 pixels (chroma). The
  // pixels are interpolated from them as JPEG decoders do. For 2 pixels a sample, a pixel takes a
  // quarter of the next sample on its side, if `smooth`; else, and for 4, all of them have the
  // value of the sample.
  int pixels_a_sample = 1;
  bool smooth = true;
  int samples = 0;
};

// The sampling that makes `count` samples of a whole axis of `pixels` pixels, a sample each.
[[nodiscard]] Sampling all_of(int pixels, int count);

// Levels are changed to level * scale + offset, for studio range.
struct Levels {
  double scale = 1;
  double offset = 0;
};

// Weights in fixed point: kOne counts a sample once. Threads: any number may read it.
class Weights {
 public:
  static constexpr int kBits = 14;
  static constexpr int kOne = 1 << kBits;

  // The samples that one sample of the result is made of.
  struct Taps {
    int first;
    std::span<const std::int16_t> weights;
  };

  // Each sample of the result has a multiple of `lane` weights, filled up with zeros. Zeros may
  // stand for samples that do not exist. The weights of one sample add up to scale * kOne exactly.
  // REQUIRES: 0 <= low < high <= samples * pixels_a_sample; step is not 0; 0 < scale <= 1;
  // 0 < last_share <= 1.
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
