#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr Interpolation kAll[] = {Interpolation::kNearestNeighbor, Interpolation::kLinear,
                                  Interpolation::kCubic};

class RotationTest : public TransformTest {
 protected:
  static TransformSpec turned(double degrees) {
    TransformSpec spec = as(Format::kTiff);
    spec.rotation = degrees;
    return spec;
  }

  static TransformSpec turned(double degrees, Interpolation interpolation) {
    TransformSpec spec = turned(degrees);
    spec.interpolation = interpolation;
    return spec;
  }

  static VImage expected(const VImage& picture, double degrees, Interpolation interpolation) {
    const VImage solid = picture.has_alpha() ? picture : picture.bandjoin(255.0);
    const Size box = rotated_size({picture.width(), picture.height()}, degrees);
    return image_of(
        unpremultiplied(turned_by(premultiplied(plane_of(solid)), degrees, box, interpolation)));
  }

  static VImage soft_disc(int side) {
    const VImage away = ((VImage::xyz(side, side) - (side - 1) / 2.0) * 1.0);
    const VImage radius = (away.extract_band(0).pow(2.0) + away.extract_band(1).pow(2.0)).pow(0.5);
    const VImage alpha = ((side / 2.5 - radius) * 40).cast(VIPS_FORMAT_UCHAR);
    return photo(side, side).bandjoin(alpha);
  }
};

TEST_F(RotationTest, QuarterTurnsAreExact) {
  const VImage picture = photo(31, 20);
  EXPECT_EQ(levels_between(through(picture, turned(90)), picture.rot270()).most, 0);
  EXPECT_EQ(levels_between(through(picture, turned(180)), picture.rot180()).most, 0);
  EXPECT_EQ(levels_between(through(picture, turned(270)), picture.rot90()).most, 0);
  EXPECT_FALSE(through(picture, turned(90)).has_alpha());
}

TEST_F(RotationTest, CountsCounterClockwise) {
  // Red in the corner at the left and the top, which goes down along the left side.
  VImage picture = plain(40, 40, {255, 255, 255}).insert(plain(8, 8, {255, 0, 0}), 0, 0);
  const VImage quarter = through(picture, turned(90));
  EXPECT_EQ(colour_at(quarter, 1, 33, 6, 6)[1], 0);
  // By 45 degrees the corner comes to the middle of the left side.
  const VImage eighth = through(picture, turned(45));
  EXPECT_NEAR(colour_at(eighth, 3, 27, 3, 3)[1], 0, 8);
  EXPECT_NEAR(colour_at(eighth, 50, 27, 3, 3)[1], 255, 8);
}

TEST_F(RotationTest, ComesAfterOrientationAndFlip) {
  const VImage seen = photo(31, 20);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Bytes source = turned_file(seen, orientation, Format::kPng);
    for (const double degrees : {90.0, 180.0, 270.0}) {
      TransformSpec spec = turned(degrees);
      spec.flip = {.horizontal = true, .vertical = false};
      const VImage flipped = seen.fliphor();
      const VImage result = degrees == 90    ? flipped.rot270()
                            : degrees == 180 ? flipped.rot180()
                                             : flipped.rot90();
      EXPECT_EQ(levels_between(decoded(*make(source, spec)), result).most, 0)
          << orientation << ", " << degrees;
    }
  }
}

TEST_F(RotationTest, FlipsAreExact) {
  const VImage picture = photo(31, 20);
  TransformSpec spec = as(Format::kPng);
  spec.flip = {.horizontal = true, .vertical = false};
  EXPECT_EQ(levels_between(through(picture, spec), picture.fliphor()).most, 0);
  spec.flip = {.horizontal = false, .vertical = true};
  EXPECT_EQ(levels_between(through(picture, spec), picture.flipver()).most, 0);
  spec.flip = {.horizontal = true, .vertical = true};
  EXPECT_EQ(levels_between(through(picture, spec), picture.rot180()).most, 0);
}

TEST_F(RotationTest, TheBoxIsTheSmallestAroundThePicture) {
  const Bytes source = encoded(photo(60, 40), Format::kPng);
  for (const double degrees : {0.5, 30.0, 45.0, 89.0, 91.0, 135.0, 200.0, 300.0, 359.5}) {
    const double angle = degrees * 3.14159265358979 / 180;
    const double width = 60 * std::fabs(std::cos(angle)) + 40 * std::fabs(std::sin(angle));
    const double height = 60 * std::fabs(std::sin(angle)) + 40 * std::fabs(std::cos(angle));
    const VImage pixels = decoded(*make(source, turned(degrees)));
    EXPECT_EQ(pixels.width(), std::ceil(width)) << degrees;
    EXPECT_EQ(pixels.height(), std::ceil(height)) << degrees;
  }
}

TEST_F(RotationTest, IsTheReferencesPicture) {
  for (const VImage& picture : {photo(61, 40), soft_disc(48), photo(9, 33).bandjoin(255.0)}) {
    for (const double degrees : {7.3, 30.0, 45.0, 123.4, 270.5, 359.0}) {
      for (const Interpolation interpolation : {Interpolation::kLinear, Interpolation::kCubic}) {
        const VImage pixels = through(picture, turned(degrees, interpolation));
        const VImage reference = expected(picture, degrees, interpolation);
        const Distance distance = looks_apart(pixels, reference);
        EXPECT_LT(distance.mean, 0.6) << degrees;
        EXPECT_LE(distance.most, 10) << degrees;
        EXPECT_GT(similarity_between(pixels, reference), 0.998) << degrees;
      }
    }
  }
}

TEST_F(RotationTest, NearestInventsNoColour) {
  const VImage picture = quarters(41, 30);
  const VImage pixels = through(picture, turned(33, Interpolation::kNearestNeighbor));
  const VImage alpha = pixels.extract_band(3);
  EXPECT_EQ(((alpha > 0) & (alpha < 255)).max(), 0) << "nor half of one";
  for (int band = 0; band < 3; ++band) {
    const VImage plane = pixels.extract_band(band);
    EXPECT_EQ(((plane > 0) & (plane < 255)).max(), 0);
  }
  const Distance distance =
      looks_apart(pixels, expected(picture, 33, Interpolation::kNearestNeighbor));
  EXPECT_LT(distance.mean, 2) << "but for ties and the outermost row";
}

TEST_F(RotationTest, TheThreeInterpolationsDiffer) {
  const VImage picture = photo(60, 40);
  std::vector<VImage> results;
  for (const Interpolation interpolation : kAll)
    results.push_back(through(picture, turned(20, interpolation)));
  EXPECT_GT(levels_between(results[0], results[1]).mean, 1);
  EXPECT_GT(levels_between(results[1], results[2]).mean, 0.3);
  EXPECT_GT(levels_between(results[0], results[2]).mean, 1);
  EXPECT_EQ(levels_between(results[2], through(picture, turned(20))).most, 0) << "the default";
}

TEST_F(RotationTest, TheCornersOfTheBoxAreTransparent) {
  const VImage pixels = through(photo(60, 40), turned(30));
  ASSERT_EQ(pixels.bands(), 4);
  EXPECT_EQ(colour_at(pixels, 0, 0, 8, 8)[3], 0);
  EXPECT_EQ(colour_at(pixels, pixels.width() / 2 - 4, pixels.height() / 2 - 4, 8, 8)[3], 255);
}

TEST_F(RotationTest, TheBackgroundLiesBehind) {
  TransformSpec spec = turned(30);
  spec.background = Colour{10, 200, 30, 255};
  const VImage pixels = through(photo(60, 40), spec);
  ASSERT_EQ(pixels.bands(), 3);
  EXPECT_EQ(colour_at(pixels, 0, 0, 8, 8), (std::vector<double>{10, 200, 30}));
}

TEST_F(RotationTest, JpegsAreOnWhiteUnlessABackgroundIsGiven) {
  TransformSpec spec = turned(30);
  spec.format = Format::kJpeg;
  EXPECT_NEAR(colour_at(through(photo(60, 40), spec), 0, 0, 6, 6)[2], 255, 2);
  spec.background = Colour{0, 0, 0, 255};
  EXPECT_NEAR(colour_at(through(photo(60, 40), spec), 0, 0, 6, 6)[2], 0, 4);
}

TEST_F(RotationTest, EdgesHaveNoFringe) {
  for (const Interpolation interpolation : kAll) {
    for (const std::vector<double>& colour :
         {std::vector<double>{255, 255, 255}, {250, 130, 20}, {250, 130, 20, 255}, {77}}) {
      const VImage pixels = through(plain(60, 40, colour), turned(25, interpolation));
      const int alpha = pixels.bands() - 1;
      const VImage seen = pixels.extract_band(alpha) > 20;
      for (int band = 0; band < alpha; ++band) {
        const VImage off =
            (pixels.extract_band(band) - colour[static_cast<std::size_t>(band)]).abs();
        // At little alpha a level of it is many of the colour; nothing beyond rounding.
        EXPECT_LE((seen / 255 * off).max(), 255 / 20.0 / 2 + 1) << band;
        EXPECT_LE(((pixels.extract_band(alpha) > 128) / 255 * off).max(), 2) << band;
      }
    }
  }
}

TEST_F(RotationTest, AlphaThatWasThereTurnsToo) {
  const VImage half = plain(60, 40, {200, 100, 50, 128});
  const VImage pixels = through(half, turned(30));
  const auto middle = colour_at(pixels, pixels.width() / 2 - 4, pixels.height() / 2 - 4, 8, 8);
  EXPECT_NEAR(middle[0], 200, 1);
  EXPECT_NEAR(middle[3], 128, 1);
}

TEST_F(RotationTest, ComesBeforeTheResize) {
  TransformSpec spec = turned(45);
  spec.width = 50;
  const VImage pixels = through(photo(100, 100), spec);
  EXPECT_EQ(pixels.width(), 50);
  EXPECT_EQ(pixels.height(), 50);
  EXPECT_EQ(colour_at(pixels, 0, 0, 6, 6)[3], 0);
  const VImage large = expected(photo(100, 100), 45, Interpolation::kCubic);
  const VImage reference = image_of(
      unpremultiplied(resampled(premultiplied(plane_of(large)), {50, 50}, Resampling::kLanczos)));
  EXPECT_LT(looks_apart(pixels, reference).mean, 1);
}

// It is shrunk to twice its size first, and that in light as well.
TEST_F(RotationTest, InLinearLightLooksAsIfAllPixelsWereTurned) {
  const Bytes source = encoded(photo(400, 300), Format::kJpeg);
  TransformSpec whole = turned(30, Interpolation::kCubic);
  const Bytes large = make(source, whole)->data;
  for (const int width : {40, 100, 200}) {
    TransformSpec small = sized(width, 0);
    small.gamma_correction = true;
    small.format = Format::kPng;
    const VImage expected = decoded(*make(large, small));
    TransformSpec both = turned(30, Interpolation::kCubic);
    both.width = width;
    both.gamma_correction = true;
    const VImage pixels = decoded(*make(source, both));
    EXPECT_LT(looks_apart(pixels, expected).mean, width < 50 ? 3.2 : 1.0) << width;
    EXPECT_GT(similarity_between(pixels, expected), 0.99) << width;
  }
}

TEST_F(RotationTest, OfALargeJpegMadeSmallIsTheReferencesPicture) {
  const Bytes source = encoded(photo(400, 300), Format::kJpeg);
  const VImage stored = decoded(source, Format::kJpeg);
  for (const Interpolation interpolation : {Interpolation::kLinear, Interpolation::kCubic}) {
    const VImage large = expected(stored, 30, interpolation);
    for (const int width : {30, 60, 200}) {
      TransformSpec spec = turned(30, interpolation);
      spec.width = width;
      const VImage pixels = decoded(*make(source, spec));
      const VImage reference = image_of(unpremultiplied(resampled(
          premultiplied(plane_of(large)), {width, pixels.height()}, Resampling::kLanczos)));
      // It is shrunk before it is turned, so that its edge is another pixel's mean.
      EXPECT_LT(looks_apart(pixels, reference).mean, width < 50 ? 3.2 : 1.0) << width;
      EXPECT_GT(similarity_between(pixels, reference), 0.99) << width;
    }
  }
}

TEST_F(RotationTest, GreyStaysGrey) {
  EXPECT_EQ(through(plain(30, 20, {90}), turned(30)).bands(), 2);
}

TEST_F(RotationTest, OfALargePictureIsHeldAgainstTheLimits) {
  const Bytes wide = encoded(plain(8000, 3000, {1, 2, 3}), Format::kPng);
  const Error error = error_of(wide, turned(45));
  EXPECT_EQ(error.kind, ErrorKind::kInvalidParam);
  EXPECT_TRUE(error.message.starts_with("invalid param \"rotation\": ")) << error.message;
}

TEST_F(RotationTest, TurnsEveryFrameOfAnAnimation) {
  const std::vector<VImage> frames = {photo(40, 30), photo(40, 30).fliphor()};
  const Bytes source = encoded(roll(frames, {50, 60}, 2), Format::kWebp);
  TransformSpec spec = turned(30);
  spec.format = Format::kWebp;
  spec.lossless = true;
  const VImage pixels = decoded(*make(source, spec));
  const int height = vips_image_get_page_height(pixels.get_image());
  ASSERT_EQ(pixels.height(), 2 * height);
  for (int i = 0; i < 2; ++i) {
    const VImage still = through(frames[static_cast<std::size_t>(i)], turned(30));
    EXPECT_EQ(looks_apart(pixels.extract_area(0, i * height, pixels.width(), height), still).most,
              0);
  }
}

}  // namespace
}  // namespace imageserver
