#include "image/colour/tone_map.h"

#include <gtest/gtest.h>

#include <cmath>

namespace imageserver {
namespace {

// BT.2390, 5.4.1, steps 1 to 4, written down once more: all values are of PQ.
double eetf(double value, double peak, double target) {
  const double e1 = value / peak;
  const double most = target / peak;
  const double ks = 1.5 * most - 0.5;
  if (e1 < ks) return value;
  const double t = (e1 - ks) / (1 - ks);
  const double p = (2 * std::pow(t, 3) - 3 * std::pow(t, 2) + 1) * ks +
                   (std::pow(t, 3) - 2 * std::pow(t, 2) + t) * (1 - ks) +
                   (-2 * std::pow(t, 3) + 3 * std::pow(t, 2)) * most;
  return p * peak;
}

// BT.2100, table 4, and BT.2408, table 1.
TEST(ToneMap, PqIsWhatTheStandardsSay) {
  EXPECT_NEAR(light_of_pq(1), 10'000, 1e-6);
  EXPECT_NEAR(light_of_pq(0), 0, 1e-9);
  EXPECT_NEAR(pq_of_light(100), 0.5081, 0.0001);
  EXPECT_NEAR(pq_of_light(203), 0.5807, 0.0001);
  EXPECT_NEAR(pq_of_light(1000), 0.7518, 0.0001);
  for (const double light : {0.01, 1.0, 88.0, 4000.0})
    EXPECT_NEAR(light_of_pq(pq_of_light(light)), light, light * 1e-6);
}

// BT.2100, table 5, and BT.2408, table 1: white is 75 %, and 26.5 % of the light.
TEST(ToneMap, HlgIsWhatTheStandardsSay) {
  EXPECT_NEAR(light_of_hlg(0.5), 1.0 / 12, 1e-9);
  EXPECT_NEAR(light_of_hlg(0.75), 0.26496, 0.0001);
  EXPECT_NEAR(light_of_hlg(1), 1, 1e-6);
}

TEST(ToneMap, ItIsTheEetfOfBt2390) {
  const double peak = pq_of_light(kPeak);
  const double target = pq_of_light(kReferenceWhite);
  for (double nits = 0; nits <= kPeak; nits += 7) {
    const double expected = light_of_pq(eetf(pq_of_light(nits), peak, target)) / kReferenceWhite;
    EXPECT_NEAR(tone_mapped(nits / kReferenceWhite), expected, 1e-6) << nits;
  }
}

TEST(ToneMap, DarkLightStaysAndThePeakIsWhite) {
  EXPECT_DOUBLE_EQ(tone_mapped(0), 0);
  EXPECT_DOUBLE_EQ(tone_mapped(50 / kReferenceWhite), 50 / kReferenceWhite);
  EXPECT_NEAR(tone_mapped(kPeak / kReferenceWhite), 1, 1e-6);
  EXPECT_NEAR(tone_mapped(40), 1, 1e-6);
  EXPECT_GT(tone_mapped(1), 0.7) << "the white of an HDR picture stays bright";
}

TEST(ToneMap, TheTableIsTheFormula) {
  const ToneMap tones;
  for (double light = 0; light < 6; light += 0.0137)
    EXPECT_NEAR(tones.of(static_cast<float>(light)), tone_mapped(light), 0.0001) << light;
  EXPECT_EQ(tones.of(-1), 0);
  EXPECT_EQ(tones.of(std::nanf("")), 0);
}

}  // namespace
}  // namespace imageserver
