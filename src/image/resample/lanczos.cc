#include "image/resample/lanczos.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace imageserver {
namespace {

constexpr int kLobes = 3;

// A step from one angle to the next.
struct Turn {
  explicit Turn(double step) : sine(std::sin(step)), cosine(std::cos(step)) {}

  double sine;
  double cosine;
};

// The sines of angles at equal steps, by two multiplications each in place of a call.
class Sine {
 public:
  Sine(double angle, const Turn& step)
      : sine_(std::sin(angle)), cosine_(std::cos(angle)), step_(step) {}

  [[nodiscard]] double value() const { return sine_; }

  void advance() {
    const double sine = sine_ * step_.cosine + cosine_ * step_.sine;
    cosine_ = cosine_ * step_.cosine - sine_ * step_.sine;
    sine_ = sine;
  }

 private:
  double sine_;
  double cosine_;
  Turn step_;
};

// How far the lobes reach, and the steps from one pixel to the next.
struct Stretch {
  explicit Stretch(double length)
      : factor(std::max(1.0, length)), turn(step()), slow_turn(step() / kLobes) {}

  [[nodiscard]] double step() const { return std::numbers::pi / factor; }

  double factor;
  Turn turn;
  Turn slow_turn;
};

struct Kernel {
  int first = 0;
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

// The kernel around `middle`, in pixels. The last pixel of the axis stands for all beyond it.
// `kernel` is where it goes: its memory serves for all of them.
void find_kernel(double middle, const Stretch& stretch, const Sampling& sampling, Kernel& kernel) {
  const int begin = static_cast<int>(std::ceil(middle - kLobes * stretch.factor));
  const int end = static_cast<int>(std::floor(middle + kLobes * stretch.factor)) + 1;
  const auto inside = [&](int at) { return std::clamp(at, sampling.low, sampling.high - 1); };
  kernel.first = inside(begin);
  const int count = inside(end - 1) - kernel.first + 1;
  kernel.weights.assign(static_cast<std::size_t>(count), 0);
  // sinc(x) sinc(x / 3), x in units of pi.
  double angle = (begin - middle) * stretch.step();
  Sine sine(angle, stretch.turn);
  Sine slow_sine(angle / kLobes, stretch.slow_turn);
  double sum = 0;
  for (int at = begin; at < end; ++at) {
    const double weight =
        std::abs(angle) < 1e-9 ? 1 : kLobes * sine.value() * slow_sine.value() / (angle * angle);
    kernel.weights[static_cast<std::size_t>(inside(at) - kernel.first)] += weight;
    sum += weight;
    angle += stretch.step();
    sine.advance();
    slow_sine.advance();
  }
  for (double& weight : kernel.weights) weight /= sum;
}

// The share of the next sample, on the side on which the pixel lies, in the value of a pixel.
double from_next(const Sampling& sampling) {
  return sampling.smooth && sampling.pixels_a_sample == 2 ? 0.25 : 0;
}

// The same kernel for the samples from which the pixels are interpolated.
Kernel in_samples(const Kernel& pixels, const Sampling& sampling) {
  const int each = sampling.pixels_a_sample;
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

std::int16_t rounded(double value) {
  return static_cast<std::int16_t>(value < 0 ? value - 0.5 : value + 0.5);
}

// Rounds the weights. The largest takes the rounding error, so that flat areas stay flat.
void append(std::vector<std::int16_t>& weights, const Kernel& kernel, double scale) {
  const auto begin = weights.end() - weights.begin();
  int missing = static_cast<int>(std::lround(scale * Weights::kOne));
  for (const double weight : kernel.weights) {
    weights.push_back(rounded(weight * scale * Weights::kOne));
    missing -= weights.back();
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
  const Stretch stretch(std::abs(sampling.step));
  Kernel pixels;
  for (int i = 0; i < sampling.count; ++i) {
    const Place place = place_of(i, sampling);
    const bool is_whole = place.length == std::abs(sampling.step);
    find_kernel(place.middle, is_whole ? stretch : Stretch(place.length), sampling, pixels);
    const bool is_interpolated = sampling.pixels_a_sample != 1;
    const Kernel samples = is_interpolated ? in_samples(pixels, sampling) : Kernel();
    const Kernel& kernel = is_interpolated ? samples : pixels;
    first_.push_back(kernel.first);
    append(weights_, kernel, scale);
    weights_.resize((weights_.size() - begin_.back() + lane - 1) / lane * lane + begin_.back());
    begin_.push_back(weights_.size());
  }
}

}  // namespace imageserver
