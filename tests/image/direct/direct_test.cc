#include "image/direct/direct.h"
#include "image/codec/decode.h"

#include <gtest/gtest.h>

#include <functional>
#include <stop_token>
#include <string>

#include "support/operations.h"
#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class DirectTest : public TransformTest {
 protected:
  static Bytes source() { return jpeg_of(photo(200, 150)); }

  static Bytes jpeg_of(const VImage& image) {
    return to_bytes(image.jpegsave_buffer(VImage::option()->set("Q", 85)));
  }

  // Whether libvips wrote nothing.
  static bool goes_directly(const Bytes& picture, const TransformSpec& spec) {
    const int before = operations_begun("save_buffer");
    EXPECT_NE(make(picture, spec), nullptr);
    return operations_begun("save_buffer") == before;
  }

  static bool goes_directly_with(const std::function<void(TransformSpec&)>& change) {
    TransformSpec spec = sized(80, 0);
    change(spec);
    return goes_directly(source(), spec);
  }

  // PNG never goes directly.
  static VImage by_libvips(const Bytes& picture, TransformSpec spec) {
    spec.format = Format::kPng;
    return decoded(*make(picture, spec));
  }
};

TEST_F(DirectTest, TheCommonestRequestsGoDirectly) {
  EXPECT_TRUE(goes_directly_with([](TransformSpec&) {}));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.format = Format::kWebp; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.quality = 95; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.progressive = true; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.crop = CropBox{9, 9, 180, 99}; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.rotation = 90; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.flip.horizontal = true; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.background = Colour{}; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) {
    spec.height = 80;
    spec.mode = Mode::kFill;
  }));
  EXPECT_TRUE(goes_directly(read_testdata("grey.jpg"), sized(50, 0)));
  EXPECT_TRUE(goes_directly(read_testdata("progressive.jpg"), sized(50, 0)));
  EXPECT_TRUE(goes_directly(read_testdata("orientation-6.jpg"), sized(50, 0)));
}

TEST_F(DirectTest, WhatIsNotCoveredGoesThroughLibvips) {
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.format = Format::kPng; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) {
    spec.format = Format::kWebp;
    spec.lossless = true;
  }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.auto_quality = true; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.max_bytes = 100'000; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.width = 300; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.rotation = 30; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.trim = 10; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.gamma_correction = true; }));
  EXPECT_FALSE(
      goes_directly_with([](TransformSpec& spec) { spec.resampling = Resampling::kCubic; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.blur = 1; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.sharpen = 1; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.pixelate = 4; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.grayscale = true; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.brightness = 1; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.tint = Colour{}; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.radius = 5; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) {
    spec.height = 80;
    spec.mode = Mode::kPad;
  }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) {
    spec.height = 80;
    spec.mode = Mode::kFill;
    spec.gravity.kind = Gravity::Kind::kSmart;
  }));
  EXPECT_FALSE(goes_directly(read_testdata("p3.jpg"), sized(50, 0)));
  EXPECT_FALSE(goes_directly(read_testdata("cmyk.jpg"), sized(50, 0)));
  EXPECT_FALSE(goes_directly(read_testdata("alpha.png"), as(Format::kJpeg)));
}

TEST_F(DirectTest, ACopyrightIsKept) {
  const Bytes bytes = read_testdata("copyright.jpg");
  EXPECT_FALSE(goes_directly(bytes, sized(50, 0)));
  TransformSpec spec = sized(50, 0);
  spec.strip = true;
  EXPECT_TRUE(goes_directly(bytes, spec));
  spec.strip = false;
  EXPECT_FALSE(goes_directly(bytes, spec));
  EXPECT_TRUE(goes_directly(
      to_bytes(photo(90, 90).jpegsave_buffer(VImage::option()->set("strip", true))), spec))
      << "there is nothing to keep";
}

TEST_F(DirectTest, NothingMoreThanThePixelsIsWritten) {
  const VImage result = decoded(*make(read_testdata("orientation-6.jpg"), sized(50, 0)));
  EXPECT_EQ(result.get_typeof(VIPS_META_ORIENTATION), 0U);
  EXPECT_EQ(result.get_typeof(VIPS_META_EXIF_NAME), 0U);
}

TEST_F(DirectTest, LooksAsByLibvipsInEveryOrientation) {
  const VImage seen = photo(203, 151);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Bytes turned = turned_file(seen, orientation, Format::kJpeg);
    for (const Mode mode : {Mode::kStretch, Mode::kFit, Mode::kFill, Mode::kCover}) {
      for (const Format format : {Format::kJpeg, Format::kWebp}) {
        SCOPED_TRACE(testing::Message() << orientation << " in mode " << static_cast<int>(mode)
                                        << " as " << format_name(format));
        TransformSpec spec = sized(71, 60, mode);
        spec.format = format;
        spec.quality = 89;
        EXPECT_TRUE(goes_directly(turned, spec));
        EXPECT_LT(distance(decoded(*make(turned, spec)), by_libvips(turned, spec)), 4);
      }
    }
  }
}

TEST_F(DirectTest, CutsTheSamePartTurnedAsWell) {
  const Bytes picture = jpeg_of(photo(203, 151));
  for (const CropBox& box : {CropBox{0, 0, 203, 151}, CropBox{13, 7, 110, 100}, CropBox{1, 1, 2, 2},
                             CropBox{202, 150, 203, 151}}) {
    for (const double rotation : {0.0, 90.0, 180.0, 270.0}) {
      TransformSpec spec;
      spec.crop = box;
      spec.rotation = rotation;
      spec.format = Format::kJpeg;
      spec.quality = 89;
      SCOPED_TRACE(testing::Message() << box.min_x << "," << box.min_y << " by " << rotation);
      EXPECT_TRUE(goes_directly(picture, spec));
      EXPECT_LT(distance(decoded(*make(picture, spec)), by_libvips(picture, spec)), 5);
    }
  }
}

TEST_F(DirectTest, FlatColoursStayWhatTheyAre) {
  const std::vector<std::vector<double>> colours = {
      {0, 0, 0}, {255, 255, 255}, {128, 128, 128}, {200, 40, 10}, {10, 40, 200}};
  for (const std::vector<double>& colour : colours) {
    const Bytes picture = jpeg_of(plain(120, 90, colour));
    for (const Format format : {Format::kJpeg, Format::kWebp}) {
      TransformSpec spec = sized(37, 0);
      spec.format = format;
      ASSERT_TRUE(goes_directly(picture, spec));
      const VImage result = decoded(*make(picture, spec));
      const std::vector<double> mean = colour_at(result, 0, 0, result.width(), result.height());
      for (std::size_t band = 0; band < 3; ++band) EXPECT_NEAR(mean.at(band), colour.at(band), 3);
    }
  }
}

TEST_F(DirectTest, GreyBecomesWebpWithoutColour) {
  TransformSpec spec = sized(40, 0);
  spec.format = Format::kWebp;
  const Bytes grey = jpeg_of(photo(120, 90).extract_band(1));
  ASSERT_TRUE(goes_directly(grey, spec));
  const VImage result = decoded(*make(grey, spec));
  EXPECT_LT(distance(result, by_libvips(grey, spec)), 4);
}

TEST_F(DirectTest, OfDamageLibvipsHasTheLastWord) {
  const std::string whole(source().view());
  const Bytes cut = Bytes::own(whole.substr(0, whole.size() / 2) + "\xff\xd9");
  EXPECT_FALSE(goes_directly(cut, sized(80, 0)));
}

TEST_F(DirectTest, AStopIsSeenBetweenTwoSteps) {
  std::stop_source stop;
  stop.request_stop();
  const Bytes picture = source();
  const Header header = read_header(picture, FileType::kJpeg);
  const TransformSpec spec = sized(80, 0);
  const Layout layout = lay_out(spec, whole_of(header.stored), {});
  const DirectJob job{picture, header, layout, spec, Format::kJpeg};
  EXPECT_TRUE(render_directly(job, {}).has_value());
  EXPECT_FALSE(render_directly(job, stop.get_token()).has_value());
}

}  // namespace
}  // namespace imageserver
