// Edges of what is seen through: nothing of the colour that is not seen, dark or bright, comes into
// them, whatever is done.

#include <gtest/gtest.h>

#include <string>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class AlphaTest : public TransformTest {
 protected:
  // A disc of one colour; what is not seen around it has another.
  static VImage disc(const std::vector<double>& colour, const std::vector<double>& hidden) {
    const VImage at = VImage::xyz(80, 80) - 39.5;
    const VImage away = (at.extract_band(0).pow(2.0) + at.extract_band(1).pow(2.0)).pow(0.5);
    const VImage alpha = ((30 - away) * 128 + 128).cast(VIPS_FORMAT_UCHAR);
    return (alpha > 0).ifthenelse(plain(80, 80, colour), plain(80, 80, hidden)).bandjoin(alpha);
  }

  // The furthest that any colour is from the disc's, where enough of it is seen.
  static double fringe(const VImage& pixels, const std::vector<double>& colour, double least) {
    const int alpha = pixels.bands() - 1;
    const VImage seen = pixels.extract_band(alpha) >= least;
    double worst = 0;
    for (int band = 0; band < alpha; ++band) {
      const VImage off = (pixels.extract_band(band) - colour[static_cast<std::size_t>(band)]).abs();
      worst = std::max(worst, (seen / 255 * off).max());
    }
    return worst;
  }

  static void expect_clean(const TransformSpec& spec, const std::string& what) {
    for (const auto& [colour, hidden] :
         {std::pair<std::vector<double>, std::vector<double>>{{250, 240, 230}, {0, 0, 0}},
          {{20, 30, 40}, {255, 255, 255}},
          {{200, 40, 90}, {0, 255, 0}}}) {
      const VImage pixels = through(disc(colour, hidden), spec);
      ASSERT_EQ(pixels.bands(), 4) << what;
      EXPECT_LE(fringe(pixels, colour, 128), 2) << what;
      // At little alpha one level of it, rounded, is many of the colour.
      EXPECT_LE(fringe(pixels, colour, 32), 6) << what;
      EXPECT_GT(pixels.extract_band(3).max(), 250) << what;
      EXPECT_EQ(pixels.extract_band(3).min(), 0) << what;
    }
  }
};

constexpr Resampling kAll[] = {Resampling::kNearestNeighbor, Resampling::kBox, Resampling::kLinear,
                               Resampling::kCubic, Resampling::kLanczos};

TEST_F(AlphaTest, NoResamplingMakesAFringe) {
  for (const Resampling resampling : kAll) {
    for (const bool linear_light : {false, true}) {
      for (const int side : {23, 40, 61, 133, 240}) {
        TransformSpec spec = sized(side, side);
        spec.resampling = resampling;
        spec.gamma_correction = linear_light;
        expect_clean(spec, "kernel " + std::to_string(static_cast<int>(resampling)) + " to " +
                               std::to_string(side) + (linear_light ? " in linear light" : ""));
      }
    }
  }
}

TEST_F(AlphaTest, NoInterpolationMakesAFringe) {
  for (const Interpolation interpolation :
       {Interpolation::kNearestNeighbor, Interpolation::kLinear, Interpolation::kCubic}) {
    TransformSpec spec;
    spec.interpolation = interpolation;
    for (const double degrees : {10.0, 45.0, 200.0}) {
      spec.rotation = degrees;
      expect_clean(spec, "interpolation " + std::to_string(static_cast<int>(interpolation)));
    }
  }
}

TEST_F(AlphaTest, NoEffectMakesAFringe) {
  TransformSpec spec;
  spec.blur = 2;
  expect_clean(spec, "blur");
  spec = {};
  spec.sharpen = 2;
  expect_clean(spec, "sharpen");
  spec = {};
  spec.pixelate = 4;
  expect_clean(spec, "pixelate");
}

TEST_F(AlphaTest, NoModeMakesAFringe) {
  for (const Mode mode : {Mode::kStretch, Mode::kFit, Mode::kFill, Mode::kPad, Mode::kCover}) {
    expect_clean(sized(50, 60, mode), "mode " + std::to_string(static_cast<int>(mode)));
  }
}

TEST_F(AlphaTest, WebpAndAvifKeepEdgesClean) {
  for (const Format format : {Format::kWebp, Format::kAvif}) {
    TransformSpec spec = sized(50, 50);
    spec.format = format;
    const VImage pixels = through(disc({250, 240, 230}, {0, 0, 0}), spec);
    ASSERT_EQ(pixels.bands(), 4);
    const VImage white = pixels.flatten(VImage::option()->set("background", 255.0));
    EXPECT_LE(fringe(pixels, {250, 240, 230}, 128), 10) << format_name(format);
    EXPECT_GT(white.min(), 215) << format_name(format);
  }
}

}  // namespace
}  // namespace imageserver
