#include "image/steps/watermark.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class WatermarkTest : public TransformTest {
 protected:
  static TransformSpec with_mark(const std::string& gravity = "c", double opacity = 1,
                                 double scale = 0) {
    TransformSpec spec;
    spec.watermark = Watermark{"logo", gravity_of(gravity), opacity, scale};
    return spec;
  }

  static VImage red(int width, int height) { return plain(width, height, {255, 0, 0}); }
  static Bytes file(const VImage& mark) { return encoded(mark, Format::kPng); }

  // The mark over the picture, by the arithmetic of "over".
  static VImage laid(const VImage& picture, const VImage& mark, int left, int top, double opacity) {
    Plane plane = plane_of(picture);
    const Plane over = plane_of(mark);
    for (int y = 0; y < over.size.height; ++y) {
      for (int x = 0; x < over.size.width; ++x) {
        const double front = opacity * (over.bands == 4 ? over.at(x, y, 3) / 255 : 1);
        const double back = plane.bands == 4 ? plane.at(left + x, top + y, 3) / 255 : 1;
        const double alpha = front + back * (1 - front);
        for (int band = 0; band < 3; ++band) {
          double& value = plane.at(left + x, top + y, band);
          const double sum = over.at(x, y, band) * front + value * back * (1 - front);
          value = alpha > 0 ? sum / alpha : 0;
        }
        if (plane.bands == 4) plane.at(left + x, top + y, 3) = alpha * 255;
      }
    }
    return image_of(plane);
  }
};

TEST_F(WatermarkTest, LiesAtEveryGravity) {
  const VImage picture = photo(81, 60);
  for (const std::string& name : kGravities) {
    const Gravity gravity = gravity_of(name);
    const int left = static_cast<int>(std::lround(61 * gravity.x));
    const int top = static_cast<int>(std::lround(50 * gravity.y));
    EXPECT_EQ(levels_between(through(picture, with_mark(name), file(red(20, 10))),
                             laid(picture, red(20, 10), left, top, 1))
                  .most,
              0)
        << name;
  }
  TransformSpec spec = with_mark();
  spec.watermark->gravity = {.kind = Gravity::Kind::kPoint, .x = 0.25, .y = 0.8};
  EXPECT_EQ(levels_between(through(picture, spec, file(red(20, 10))),
                           laid(picture, red(20, 10), 15, 40, 1))
                .most,
            0);
}

TEST_F(WatermarkTest, IsAsFaintAsAsked) {
  const VImage picture = photo(80, 60);
  for (const double opacity : {0.0, 0.25, 0.5, 0.9}) {
    EXPECT_LE(levels_between(through(picture, with_mark("ne", opacity), file(red(20, 10))),
                             laid(picture, red(20, 10), 60, 0, opacity))
                  .most,
              1)
        << opacity;
  }
}

TEST_F(WatermarkTest, ItsOwnAlphaCountsToo) {
  const VImage ramp = (VImage::xyz(40, 20).extract_band(0) * 6).cast(VIPS_FORMAT_UCHAR);
  const VImage mark = photo(40, 20).bandjoin(ramp);
  const VImage picture = quarters(80, 60);
  for (const double opacity : {1.0, 0.5}) {
    EXPECT_LE(levels_between(through(picture, with_mark("sw", opacity), file(mark)),
                             laid(picture, mark, 0, 40, opacity))
                  .most,
              2);
  }
}

TEST_F(WatermarkTest, SizesByArithmetic) {
  EXPECT_EQ(mark_size({20, 10}, {100, 100}, 0, 1), (Size{20, 10}));
  EXPECT_EQ(mark_size({20, 10}, {100, 100}, 0, 2), (Size{40, 20}));
  EXPECT_EQ(mark_size({20, 10}, {100, 100}, 0.5, 2), (Size{50, 25}));
  EXPECT_EQ(mark_size({20, 10}, {100, 100}, 1, 1), (Size{100, 50}));
  EXPECT_EQ(mark_size({200, 100}, {100, 100}, 0, 1), (Size{100, 50})) << "never larger";
  EXPECT_EQ(mark_size({100, 200}, {100, 100}, 1, 1), (Size{50, 100}));
  EXPECT_EQ(mark_size({1000, 1}, {10, 10}, 0, 1), (Size{10, 1})) << "nor nothing";
  EXPECT_EQ(mark_size({20, 10}, {3, 1}, 0.01, 1), (Size{1, 1}));
}

TEST_F(WatermarkTest, ScaleIsOfTheResultsWidth) {
  TransformSpec spec = with_mark("nw", 1, 0.25);
  spec.width = 160;
  const VImage pixels = through(plain(80, 60, {0, 0, 255}), spec, file(red(20, 10)));
  EXPECT_EQ(levels_between(pixels, plain(160, 120, {0, 0, 255}).insert(red(40, 20), 0, 0)).most, 0);
}

TEST_F(WatermarkTest, DprMultipliesItsOwnSize) {
  TransformSpec spec = with_mark("nw");
  spec.width = 40;
  spec.dpr = 2;
  const VImage pixels = through(plain(80, 60, {0, 0, 255}), spec, file(red(20, 10)));
  EXPECT_EQ(levels_between(pixels, plain(80, 60, {0, 0, 255}).insert(red(40, 20), 0, 0)).most, 0);
}

TEST_F(WatermarkTest, LargerThanThePictureIsMadeToFit) {
  const VImage pixels = through(plain(40, 40, {0, 0, 255}), with_mark("s"), file(red(80, 20)));
  EXPECT_EQ(levels_between(pixels, plain(40, 40, {0, 0, 255}).insert(red(40, 10), 0, 30)).most, 0);
}

TEST_F(WatermarkTest, MayLieOnTransparentPixels) {
  const VImage picture = photo(80, 60).bandjoin(100.0);
  for (const double opacity : {1.0, 0.4}) {
    const VImage pixels = through(picture, with_mark("e", opacity), file(red(20, 10)));
    EXPECT_LE(levels_between(pixels, laid(picture, red(20, 10), 60, 25, opacity)).most, 2);
  }
}

TEST_F(WatermarkTest, OnGreyMakesColourAndAGreyOneStaysGreyToLookAt) {
  const VImage pixels = through(plain(80, 60, {90}), with_mark("c"), file(red(20, 10)));
  ASSERT_EQ(pixels.bands(), 3);
  EXPECT_EQ(colour_at(pixels, 32, 27, 16, 6), (std::vector<double>{255, 0, 0}));
  EXPECT_EQ(colour_at(pixels, 0, 0, 16, 6), (std::vector<double>{90, 90, 90}));
  const VImage grey = through(photo(80, 60), with_mark("c"), file(plain(20, 10, {200})));
  EXPECT_EQ(colour_at(grey, 32, 27, 16, 6), (std::vector<double>{200, 200, 200}));
}

TEST_F(WatermarkTest, LiesOnThePaddedCanvasAndIsNotCutByTheModes) {
  TransformSpec spec = with_mark("nw");
  spec.width = 80;
  spec.height = 100;
  spec.mode = Mode::kPad;
  const VImage pixels = through(plain(80, 60, {0, 0, 255}), spec, file(red(20, 10)));
  EXPECT_EQ(colour_at(pixels, 0, 0, 20, 10), (std::vector<double>{255, 0, 0, 255}));
  EXPECT_EQ(colour_at(pixels, 30, 0, 20, 10)[3], 0);
}

TEST_F(WatermarkTest, IsNotTurnedBlurredOrTonedWithThePicture) {
  TransformSpec spec = with_mark("nw");
  spec.rotation = 90;
  spec.blur = 4;
  spec.grayscale = true;
  const VImage pixels = through(photo(80, 60), spec, file(red(20, 10)));
  ASSERT_EQ(pixels.bands(), 3);
  EXPECT_EQ(colour_at(pixels, 0, 0, 20, 10), (std::vector<double>{255, 0, 0}));
}

TEST_F(WatermarkTest, OfEveryFormatAndOrientation) {
  const VImage picture = plain(80, 60, {0, 0, 255});
  const VImage mark = quarters(20, 10);
  for (const Format format : kFormats) {
    const VImage pixels = through(picture, with_mark("nw"), encoded(mark, format));
    EXPECT_LT(distance(pixels.extract_area(0, 0, 20, 10), mark), 25) << format_name(format);
    EXPECT_EQ(colour_at(pixels, 30, 30, 20, 10), (std::vector<double>{0, 0, 255}));
  }
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const VImage pixels =
        through(picture, with_mark("nw"), turned_file(mark, orientation, Format::kPng));
    EXPECT_EQ(levels_between(pixels.extract_area(0, 0, 20, 10), mark).most, 0) << orientation;
  }
}

TEST_F(WatermarkTest, TheFirstFrameOfAnAnimationIsTheMark) {
  const Bytes mark =
      encoded(roll({red(20, 10), plain(20, 10, {0, 255, 0})}, {50, 50}, 0), Format::kGif);
  const VImage pixels = through(plain(80, 60, {0, 0, 255}), with_mark("nw"), mark);
  EXPECT_EQ(colour_at(pixels, 0, 0, 20, 10), (std::vector<double>{255, 0, 0}));
  EXPECT_EQ(colour_at(pixels, 0, 12, 20, 10), (std::vector<double>{0, 0, 255}));
}

TEST_F(WatermarkTest, EveryFrameIsMarked) {
  const Bytes source =
      encoded(roll({photo(80, 60), photo(80, 60).fliphor()}, {50, 60}, 3), Format::kWebp);
  TransformSpec spec = with_mark("ne", 0.5);
  spec.lossless = true;
  const VImage pixels = decoded(*make(source, spec, {}, file(red(20, 10))));
  ASSERT_EQ(pixels.height(), 120);
  EXPECT_EQ(looks_apart(pixels.extract_area(0, 0, 80, 60),
                        through(photo(80, 60), with_mark("ne", 0.5), file(red(20, 10))))
                .most,
            0);
  EXPECT_EQ(looks_apart(pixels.extract_area(0, 60, 80, 60),
                        through(photo(80, 60).fliphor(), with_mark("ne", 0.5), file(red(20, 10))))
                .most,
            0);
}

TEST_F(WatermarkTest, ThatCannotBeReadIsOurOwnFault) {
  const Bytes source = encoded(photo(40, 30), Format::kPng);
  const Error unreadable{ErrorKind::kInternal, "the watermark cannot be read"};
  const Bytes whole = file(photo(200, 100));
  for (const Bytes& mark : {Bytes(), Bytes::copy("hello"), Bytes::copy("\xFF\xD8\xFF"),
                            whole.slice(0, whole.size() / 2), read_testdata("picture.svg"),
                            read_testdata("truncated.jpg"), read_testdata("truncated.webp"),
                            read_testdata("truncated.gif")}) {
    EXPECT_EQ(error_of(source, with_mark(), {}, mark), unreadable) << mark.size();
  }
}

TEST_F(WatermarkTest, ThatIsLargerThanAPictureMayBeIsNotRead) {
  const Bytes source = encoded(photo(40, 30), Format::kPng);
  const TransformContext context = limited_to({.max_pixels = 50 * 40});
  EXPECT_NE(make(source, with_mark(), context, file(photo(50, 40))), nullptr);
  EXPECT_EQ(error_of(source, with_mark(), context, file(photo(51, 40))),
            (Error{ErrorKind::kInternal, "the watermark cannot be read"}));
}

TEST_F(WatermarkTest, IsNotReadWhereNoneIsAsked) {
  EXPECT_NE(make(encoded(photo(40, 30), Format::kPng), sized(20, 0), {}, Bytes::copy("hello")),
            nullptr);
}

}  // namespace
}  // namespace imageserver
