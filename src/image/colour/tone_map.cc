#include "image/colour/tone_map.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace imageserver {
namespace {

constexpr double kBrightestPq = 10'000;
constexpr double kM1 = 2610.0 / 16384;
constexpr double kM2 = 2523.0 / 4096 * 128;
constexpr double kC1 = 3424.0 / 4096;
constexpr double kC2 = 2413.0 / 4096 * 32;
constexpr double kC3 = 2392.0 / 4096 * 32;

// Light of the peak. Relative to the white, as all light here.
constexpr double kMost = kPeak / kReferenceWhite;

constexpr std::size_t kSteps = 4096;

// The spline of BT.2390 that leads from the knee to the top. All are parts of the source's range.
double pressed(double value, double knee, double top) {
  const double t = (value - knee) / (1 - knee);
  const double t2 = t * t;
  const double t3 = t2 * t;
  return (2 * t3 - 3 * t2 + 1) * knee + (t3 - 2 * t2 + t) * (1 - knee) + (3 * t2 - 2 * t3) * top;
}

}  // namespace

double light_of_pq(double value) {
  const double root = std::pow(std::clamp(value, 0.0, 1.0), 1 / kM2);
  const double light = std::max(root - kC1, 0.0) / (kC2 - kC3 * root);
  return kBrightestPq * std::pow(light, 1 / kM1);
}

double pq_of_light(double light) {
  const double power = std::pow(std::clamp(light / kBrightestPq, 0.0, 1.0), kM1);
  return std::pow((kC1 + kC2 * power) / (1 + kC3 * power), kM2);
}

double light_of_hlg(double value) {
  constexpr double kA = 0.17883277;
  constexpr double kB = 1 - 4 * kA;
  const double c = 0.5 - kA * std::log(4 * kA);
  const double encoded = std::clamp(value, 0.0, 1.0);
  return encoded <= 0.5 ? encoded * encoded / 3 : (std::exp((encoded - c) / kA) + kB) / 12;
}

double tone_mapped(double light) {
  const double range = pq_of_light(kPeak);
  const double top = pq_of_light(kReferenceWhite) / range;
  const double knee = 1.5 * top - 0.5;
  const double value = std::min(pq_of_light(light * kReferenceWhite) / range, 1.0);
  if (value < knee) return light;
  return light_of_pq(pressed(value, knee, top) * range) / kReferenceWhite;
}

ToneMap::ToneMap() {
  for (std::size_t i = 0; i <= kSteps; ++i) {
    const double light = kMost * static_cast<double>(i) / kSteps;
    mapped_.push_back(static_cast<float>(tone_mapped(light)));
  }
}

float ToneMap::of(float light) const {
  const float place = light * static_cast<float>(kSteps / kMost);
  if (!(place > 0)) return 0;
  if (place >= static_cast<float>(kSteps)) return mapped_.back();
  const auto below = static_cast<std::size_t>(place);
  const float part = place - static_cast<float>(below);
  return mapped_[below] + part * (mapped_[below + 1] - mapped_[below]);
}

}  // namespace imageserver
