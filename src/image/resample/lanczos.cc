#include "image/resample/lanczos.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace imageserver {
namespace {

constexpr int kLobes = 3;

// The sines of angles at equal steps, by two multiplications each in place of a call.
class Sine {
 public:
  Sine(double angle, double step)
      : sine_(std::sin(angle)),
        cosine_(std::cos(angle)),
        step_sine_(std::sin(step)),
        step_cosine_(std::cos(step)) {}

  [[nodiscard]] double value() const { return sine_; }

  void advance() {
    const double sine = sine_ * step_cosine_ + cosine_ * step_sine_;
    cosine_ = cosine_ * step_cosine_ - sine_ * step_sine_;
    sine_ = sine;
  }

 private:
  double sine_;
  double cosine_;
  double step_sine_;
  double step_cosine_;
};

struct Kernel {
  int first;
  std::vector<double> weights;
};

// Where a sample of the result lies in the source, and of how many pixels it is made.
struct Place {
  double middle;
  double length;
};

Place place_of(int i, const Sampling& sampling) {
  const double middle = sampling.first + i * sampling.step;
  if (i + 1 < sampling.count) return {middle, std::abs(sampling.step)};
  const double outside = sampling.step * (1 - sampling.last_share);
  return {middle - outside / 2, std::abs(sampling.step) * sampling.last_share};
}

// The kernel of that place, in pixels. The last pixel of the axis stands for all beyond it.
Kernel kernel_at(const Place& place, const Sampling& sampling) {
  const double middle = place.middle;
  const double stretch = std::max(1.0, place.length);
  const int begin = static_cast<int>(std::ceil(middle - kLobes * stretch));
  const int end = static_cast<int>(std::floor(middle + kLobes * stretch)) + 1;
  const auto inside = [&](int at) { return std::clamp(at, sampling.low, sampling.high - 1); };
  Kernel kernel{inside(begin), {}};
  const int count = inside(end - 1) - kernel.first + 1;
  kernel.weights.resize(static_cast<std::size_t>(count));
  // sinc(x) sinc(x / 3), x in units of pi.
  const double step = std::numbers::pi / stretch;
  double angle = (begin - middle) * step;
  Sine sine(angle, step);
  Sine slow_sine(angle / kLobes, step / kLobes);
  double sum = 0;
  for (int at = begin; at < end; ++at) {
    const double weight =
        std::abs(angle) < 1e-9 ? 1 : kLobes * sine.value() * slow_sine.value() / (angle * angle);
    kernel.weights[static_cast<std::size_t>(inside(at) - kernel.first)] += weight;
    sum += weight;
    angle += step;
    sine.advance();
    slow_sine.advance();
  }
  for (double& weight : kernel.weights) weight /= sum;
  return kernel;
}

// The share of the next sample, on the side on which the pixel lies, in the value of a pixel.
double from_next(const Sampling& sampling) {
  return sampling.smooth && sampling.pixels_a_sample == 2 ? 0.25 : 0;
}

// The same kernel for the samples from which the pixels are interpolated.
Kernel in_samples(const Kernel& pixels, const Sampling& sampling) {
  const int each = sampling.pixels_a_sample;
  if (each == 1) return pixels;
  const auto inside = [&](int at) { return std::clamp(at, 0, sampling.samples - 1); };
  const int last = pixels.first + static_cast<int>(pixels.weights.size()) - 1;
  Kernel kernel{inside(pixels.first / each - 1), {}};
  const int count = inside(last / each + 1) - kernel.first + 1;
  kernel.weights.resize(static_cast<std::size_t>(count));
  const auto add = [&](int sample, double weight) {
    kernel.weights[static_cast<std::size_t>(inside(sample) - kernel.first)] += weight;
  };
  int at = pixels.first;
  for (const double weight : pixels.weights) {
    const int own = at / each;
    add(own, weight * (1 - from_next(sampling)));
    add(at % each == 0 ? own - 1 : own + 1, weight * from_next(sampling));
    ++at;
  }
  return kernel;
}

// Rounds the weights. The largest takes the rounding error, so that flat areas stay flat.
void append(std::vector<std::int16_t>& weights, const Kernel& kernel, double scale) {
  const auto begin = weights.end() - weights.begin();
  int missing = static_cast<int>(std::lround(scale * Weights::kOne));
  for (const double weight : kernel.weights) {
    const auto rounded = static_cast<std::int16_t>(std::lround(weight * scale * Weights::kOne));
    weights.push_back(rounded);
    missing -= rounded;
  }
  const auto largest = std::max_element(weights.begin() + begin, weights.end());
  *largest = static_cast<std::int16_t>(*largest + missing);
}

}  // namespace

Sampling all_of(int pixels, int count) {
  const double step = static_cast<double>(pixels) / count;
  return {.first = step / 2 - 0.5,
          .step = step,
          .count = count,
          .low = 0,
          .high = pixels,
          .samples = pixels};
}

Weights::Weights(const Sampling& sampling, double scale, std::size_t lane) {
  const auto count = static_cast<std::size_t>(sampling.count);
  const auto usual =
      static_cast<std::size_t>(2 * kLobes * std::max(1.0, std::abs(sampling.step))) + 1 + lane;
  first_.reserve(count);
  begin_.reserve(count + 1);
  weights_.reserve(count * usual);
  begin_.push_back(0);
  for (int i = 0; i < sampling.count; ++i) {
    const Kernel kernel = in_samples(kernel_at(place_of(i, sampling), sampling), sampling);
    first_.push_back(kernel.first);
    append(weights_, kernel, scale);
    weights_.resize((weights_.size() - begin_.back() + lane - 1) / lane * lane + begin_.back());
    begin_.push_back(weights_.size());
  }
}

}  // namespace imageserver
