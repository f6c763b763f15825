// Modes, gravity, enlarge and dpr, on pictures that show where they were cut and laid.

#include <gtest/gtest.h>

#include <string>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr Mode kModes[] = {Mode::kStretch, Mode::kFit,    Mode::kFill,
                           Mode::kPad,     Mode::kInside, Mode::kCover};

class ModeTest : public TransformTest {
 protected:
  // The size that comes out of a real picture.
  static Size size_of(Size frame, const TransformSpec& spec) {
    const VImage pixels = through(plain(frame.width, frame.height, {9, 99, 199}), spec);
    return {pixels.width(), pixels.height()};
  }

  // What a column, or a row, tells of its place: red counts from the left, green from the top.
  static VImage map(int width, int height) {
    const VImage places = VImage::xyz(width, height);
    return (places.extract_band(0) * (240.0 / width))
        .bandjoin(places.extract_band(1) * (240.0 / height))
        .bandjoin_const({100})
        .rint()
        .cast(VIPS_FORMAT_UCHAR)
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
  }
};

struct Case {
  Mode mode;
  Size frame;
  Size asked;
  bool enlarge;
  Size result;
};

constexpr Mode S = Mode::kStretch, F = Mode::kFit, L = Mode::kFill, P = Mode::kPad,
               I = Mode::kInside, C = Mode::kCover;

TEST_F(ModeTest, SizesByArithmetic) {
  const Case cases[] = {
      {S, {80, 60}, {40, 50}, true, {40, 50}},     {S, {80, 60}, {160, 30}, false, {80, 30}},
      {S, {80, 60}, {160, 120}, false, {80, 60}},  {F, {80, 60}, {40, 40}, true, {40, 30}},
      {F, {80, 60}, {200, 200}, true, {200, 150}}, {F, {80, 60}, {200, 200}, false, {80, 60}},
      {F, {80, 60}, {200, 30}, false, {40, 30}},   {I, {80, 60}, {40, 40}, true, {40, 30}},
      {I, {80, 60}, {200, 200}, true, {80, 60}},   {I, {80, 60}, {200, 0}, true, {80, 60}},
      {I, {80, 60}, {0, 30}, true, {40, 30}},      {C, {80, 60}, {40, 40}, true, {53, 40}},
      {C, {80, 60}, {160, 30}, true, {160, 120}},  {C, {80, 60}, {160, 30}, false, {80, 60}},
      {C, {80, 60}, {20, 30}, false, {40, 30}},    {L, {80, 60}, {40, 40}, true, {40, 40}},
      {L, {80, 60}, {160, 160}, true, {160, 160}}, {L, {80, 60}, {160, 160}, false, {60, 60}},
      {L, {80, 60}, {160, 40}, false, {80, 20}},   {P, {80, 60}, {40, 40}, true, {40, 40}},
      {P, {80, 60}, {200, 200}, true, {200, 200}}, {P, {80, 60}, {200, 100}, false, {200, 100}},
      {P, {80, 60}, {40, 0}, true, {40, 30}},      {C, {80, 60}, {40, 0}, true, {40, 30}},
      {S, {80, 60}, {160, 0}, false, {80, 60}},    {F, {80, 60}, {0, 120}, false, {80, 60}},
      {L, {80, 60}, {0, 120}, true, {160, 120}},   {S, {80, 60}, {0, 0}, true, {80, 60}},
      {C, {7, 1000}, {10, 10}, true, {10, 1429}},  {I, {1, 1}, {40, 40}, true, {1, 1}},
  };
  for (const Case& c : cases) {
    TransformSpec spec = sized(c.asked.width, c.asked.height, c.mode);
    spec.enlarge = c.enlarge;
    EXPECT_EQ(size_of(c.frame, spec), c.result)
        << "mode " << static_cast<int>(c.mode) << " to " << c.asked.width << "x" << c.asked.height
        << (c.enlarge ? "" : " not enlarged");
  }
}

TEST_F(ModeTest, DprMultipliesTheSizesAsked) {
  for (const Mode mode : kModes) {
    TransformSpec with_dpr = sized(20, 30, mode);
    with_dpr.dpr = 1.5;
    const TransformSpec longhand = sized(30, 45, mode);
    EXPECT_EQ(
        levels_between(through(photo(80, 60), with_dpr), through(photo(80, 60), longhand)).most, 0)
        << static_cast<int>(mode);
  }
  TransformSpec small = sized(3, 0);
  small.dpr = 0.1;
  EXPECT_EQ(size_of({80, 60}, small), (Size{1, 1}));
  TransformSpec alone;
  alone.dpr = 3;
  EXPECT_EQ(size_of({80, 60}, alone), (Size{80, 60})) << "there is no size to multiply";
}

TEST_F(ModeTest, StretchFitCoverAndInsideShowTheWholePicture) {
  const VImage picture = map(80, 60);
  for (const Mode mode : {S, F, C, I}) {
    const VImage pixels = through(picture, sized(40, 20, mode));
    const Plane expected =
        resampled(plane_of(picture), {pixels.width(), pixels.height()}, Resampling::kLanczos);
    EXPECT_LE(levels_between(pixels, image_of(expected)).most, 2) << static_cast<int>(mode);
  }
}

TEST_F(ModeTest, FillCutsAtEveryGravity) {
  const VImage picture = map(120, 60);
  for (const std::string& name : kGravities) {
    TransformSpec spec = sized(30, 30, Mode::kFill);
    spec.gravity = gravity_of(name);
    const VImage whole = image_of(resampled(plane_of(picture), {60, 30}, Resampling::kLanczos));
    const int left = static_cast<int>(spec.gravity.x * 30);
    EXPECT_LE(levels_between(through(picture, spec), whole.extract_area(left, 0, 30, 30)).most, 2)
        << name;
    const VImage tall = picture.rot90();
    const VImage half = image_of(resampled(plane_of(tall), {30, 60}, Resampling::kLanczos));
    const int top = static_cast<int>(spec.gravity.y * 30);
    EXPECT_LE(levels_between(through(tall, spec), half.extract_area(0, top, 30, 30)).most, 2)
        << name;
  }
}

TEST_F(ModeTest, FillPutsAPointInTheMiddleAsFarAsThePictureGoes) {
  const VImage picture = map(120, 60);
  const VImage whole = image_of(resampled(plane_of(picture), {60, 30}, Resampling::kLanczos));
  for (const auto& [x, left] : {std::pair{0.0, 0},
                                {0.1, 0},
                                {0.25, 0},
                                {0.4, 9},
                                {0.5, 15},
                                {0.7, 27},
                                {0.9, 30},
                                {1.0, 30}}) {
    TransformSpec spec = sized(30, 30, Mode::kFill);
    spec.gravity.x = x;
    EXPECT_LE(levels_between(through(picture, spec), whole.extract_area(left, 0, 30, 30)).most, 2)
        << x;
  }
}

TEST_F(ModeTest, FillEnlargesThePartThatGravityNames) {
  const VImage picture = map(60, 20);
  const VImage whole = image_of(resampled(plane_of(picture), {360, 120}, Resampling::kCubic));
  for (const char* name : {"w", "c", "e"}) {
    TransformSpec spec = sized(120, 120, Mode::kFill);
    spec.gravity = gravity_of(name);
    const int left = static_cast<int>(spec.gravity.x * 240);
    EXPECT_LE(levels_between(through(picture, spec), whole.extract_area(left, 0, 120, 120)).most, 3)
        << name;
  }
}

TEST_F(ModeTest, FillWithoutEnlargingCutsTheShape) {
  const VImage picture = map(120, 60);
  TransformSpec spec = sized(200, 200, Mode::kFill);
  spec.enlarge = false;
  spec.gravity = gravity_of("e");
  EXPECT_EQ(levels_between(through(picture, spec), picture.extract_area(60, 0, 60, 60)).most, 0);
}

TEST_F(ModeTest, PadLaysThePictureAtEveryGravity) {
  const VImage picture = photo(40, 20);
  for (const std::string& name : kGravities) {
    TransformSpec spec = sized(40, 51, Mode::kPad);
    spec.gravity = gravity_of(name);
    const VImage pixels = through(picture, spec);
    ASSERT_EQ(pixels.bands(), 4);
    const int top = static_cast<int>(spec.gravity.y * 31);
    EXPECT_EQ(levels_between(pixels.extract_area(0, top, 40, 20), picture.bandjoin(255.0)).most, 0)
        << name;
    EXPECT_EQ(pixels.extract_band(3).avg() * 51, 255 * 20) << "nothing else is seen: " << name;
    spec.width = 61;
    spec.height = 20;
    const VImage wide = through(picture, spec);
    const int left = static_cast<int>(spec.gravity.x * 21);
    EXPECT_EQ(levels_between(wide.extract_area(left, 0, 40, 20), picture.bandjoin(255.0)).most, 0)
        << name;
  }
}

TEST_F(ModeTest, PadEnlargesUnlessToldNot) {
  const VImage picture = plain(40, 20, {200, 10, 10});
  TransformSpec spec = sized(80, 80, Mode::kPad);
  EXPECT_NEAR(through(picture, spec).extract_band(3).avg(), 255 * 0.5, 0.01);
  spec.enlarge = false;
  EXPECT_NEAR(through(picture, spec).extract_band(3).avg(), 255 * 0.125, 0.01);
}

TEST_F(ModeTest, ABackgroundFillsWhatPadLeaves) {
  TransformSpec spec = sized(40, 40, Mode::kPad);
  spec.background = Colour{10, 20, 30, 255};
  const VImage pixels = through(photo(40, 20), spec);
  ASSERT_EQ(pixels.bands(), 3);
  EXPECT_EQ(colour_at(pixels, 0, 0, 40, 10), (std::vector<double>{10, 20, 30}));
  EXPECT_EQ(colour_at(pixels, 0, 30, 40, 10), (std::vector<double>{10, 20, 30}));
  EXPECT_EQ(levels_between(pixels.extract_area(0, 10, 40, 20), photo(40, 20)).most, 0);
}

TEST_F(ModeTest, AJpegIsPaddedWithWhite) {
  TransformSpec spec = sized(64, 64, Mode::kPad);
  spec.format = Format::kJpeg;
  const VImage pixels = through(plain(64, 32, {0, 0, 0}), spec);
  EXPECT_NEAR(colour_at(pixels, 0, 0, 64, 16)[0], 255, 1);
  EXPECT_NEAR(colour_at(pixels, 0, 16, 64, 32)[0], 0, 1);
}

TEST_F(ModeTest, PadOfTheSameShapeNeedsNoAlpha) {
  EXPECT_EQ(through(photo(40, 20), sized(80, 40, Mode::kPad)).bands(), 3);
}

TEST_F(ModeTest, NeverMoreThanTheLimits) {
  const Bytes source = encoded(plain(2000, 20, {1, 2, 3}), Format::kPng);
  const auto refused = [&](const TransformSpec& spec, const std::string& param) {
    const Error error = error_of(source, spec);
    EXPECT_EQ(error.kind, ErrorKind::kInvalidParam);
    EXPECT_TRUE(error.message.starts_with("invalid param \"" + param + "\": ")) << error.message;
  };
  TransformSpec pad = sized(8000, 8000, Mode::kPad);
  pad.enlarge = false;
  refused(pad, "width");
  refused(sized(100, 1000, Mode::kCover), "width");
  TransformSpec dpr = sized(2000, 0);
  dpr.dpr = 8;
  refused(dpr, "dpr");
  TransformSpec canvas = sized(4000, 4000, Mode::kPad);
  canvas.dpr = 8;
  refused(canvas, "dpr");
  refused(sized(0, 8000, Mode::kFit), "height");
}

TEST_F(ModeTest, EveryFrameIsPaddedAlike) {
  const Bytes source =
      encoded(roll({photo(40, 20), photo(40, 20).fliphor()}, {50, 60}, 2), Format::kWebp);
  TransformSpec spec = sized(40, 30, Mode::kPad);
  spec.lossless = true;
  spec.gravity = gravity_of("s");
  const VImage pixels = decoded(*make(source, spec));
  ASSERT_EQ(vips_image_get_page_height(pixels.get_image()), 30);
  EXPECT_EQ(levels_between(pixels.extract_area(0, 10, 40, 20), photo(40, 20).bandjoin(255.0)).most,
            0);
  EXPECT_EQ(
      levels_between(pixels.extract_area(0, 40, 40, 20), photo(40, 20).fliphor().bandjoin(255.0))
          .most,
      0);
}

}  // namespace
}  // namespace imageserver
