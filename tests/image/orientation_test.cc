#include <gtest/gtest.h>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class OrientationTest : public TransformTest, public testing::WithParamInterface<int> {
 protected:
  static Bytes turned(const VImage& seen, Format format) {
    return turned_file(seen, GetParam(), format);
  }
};

INSTANTIATE_TEST_SUITE_P(All, OrientationTest, testing::Range(1, 9));

TEST_P(OrientationTest, IsApplied) {
  const VImage seen = quarters(120, 80);
  for (const Format format : {Format::kJpeg, Format::kPng, Format::kWebp}) {
    TransformSpec spec = as(Format::kPng);
    spec.quality = 80;
    const VImage pixels = decoded(*make(turned(seen, format), spec));
    EXPECT_LT(distance(pixels, seen), 10) << format_name(format);
    EXPECT_EQ(pixels.get_typeof(VIPS_META_ORIENTATION), 0U);
  }
}

TEST_P(OrientationTest, CountsBeforeTheSizesAsked) {
  const Bytes source = turned(photo(600, 400), Format::kJpeg);
  const VImage wide = decoded(*make(source, sized(90, 0)));
  EXPECT_EQ(wide.width(), 90);
  EXPECT_EQ(wide.height(), 60);
  EXPECT_LT(distance(wide, photo(600, 400).resize(0.15)), 7);
  const VImage box = decoded(*make(source, sized(90, 90, Mode::kFit)));
  EXPECT_EQ(box.height(), 60);
}

TEST_P(OrientationTest, FillCutsTheSamePart) {
  const VImage seen = photo(201, 77);
  for (const Size size : {Size{50, 60}, Size{333, 333}}) {
    TransformSpec spec = sized(size.width, size.height, Mode::kFill);
    const VImage turned_pixels = decoded(*make(turned(seen, Format::kPng), spec));
    const VImage upright_pixels = decoded(*make(encoded(seen, Format::kPng), spec));
    EXPECT_LT(distance(turned_pixels, upright_pixels), 1.5);
  }
}

TEST_P(OrientationTest, PassesThroughWithTheFileWhereNothingIsAsked) {
  const Bytes source = turned(quarters(120, 80), Format::kJpeg);
  EXPECT_EQ(make(source, {})->data.data(), source.data());
}

TEST_P(OrientationTest, TheSamplesLookAlike) {
  const auto name = [](int n) { return "orientation-" + std::to_string(n) + ".jpg"; };
  const VImage upright = decoded(*make(read_testdata(name(1)), sized(100, 0)));
  const VImage other = decoded(*make(read_testdata(name(GetParam())), sized(100, 0)));
  EXPECT_LT(distance(upright, other), 6);
}

// Every way to lay out a picture whose sides and corners are told apart.
std::vector<TransformSpec> layouts() {
  std::vector<TransformSpec> specs;
  for (const Mode mode :
       {Mode::kStretch, Mode::kFit, Mode::kFill, Mode::kPad, Mode::kInside, Mode::kCover}) {
    TransformSpec spec;
    spec.mode = mode;
    spec.width = 50;
    spec.height = 60;
    spec.gravity = gravity_of("nw");
    specs.push_back(spec);
    spec.width = 160;
    spec.height = 90;
    spec.gravity = gravity_of("se");
    specs.push_back(spec);
  }
  return specs;
}

TEST_P(OrientationTest, EveryModeShowsTheUprightTwin) {
  const VImage seen = photo(101, 67);
  const Bytes stored = turned(seen, Format::kPng);
  const Bytes upright = encoded(seen, Format::kPng);
  for (TransformSpec spec : layouts()) {
    spec.format = Format::kPng;
    const auto expect_twin = [&](const char* with) {
      const Distance distance =
          levels_between(decoded(*make(stored, spec)), decoded(*make(upright, spec)));
      EXPECT_LT(distance.mean, 0.4) << with << " mode " << static_cast<int>(spec.mode);
      EXPECT_LE(distance.most, 8) << with << " mode " << static_cast<int>(spec.mode);
    };
    expect_twin("the mode alone");
    spec.crop = CropBox{7, 11, 93, 60};
    expect_twin("crop");
    spec.flip.horizontal = true;
    expect_twin("crop, flip");
    spec.rotation = 90;
    expect_twin("crop, flip, a quarter turn");
    spec.rotation = 30;
    expect_twin("crop, flip, rotation");
  }
}

TEST_P(OrientationTest, ASmartCutHoldsWhatTheUprightTwinHolds) {
  const VImage seen = plain(120, 60, {90, 90, 90}).insert(photo(30, 30), 85, 20);
  const auto patch_seen = [](const VImage& pixels) {
    const VImage off = ((pixels - 90).abs() > 3).bandor();
    return off.avg() / 255 * pixels.width() * pixels.height();
  };
  for (const auto kind : {Gravity::Kind::kSmart, Gravity::Kind::kEntropy}) {
    for (const int side : {30, 100}) {
      TransformSpec spec = sized(side, side, Mode::kFill);
      spec.gravity.kind = kind;
      spec.format = Format::kPng;
      const VImage pixels = decoded(*make(turned(seen, Format::kPng), spec));
      const VImage twin = decoded(*make(encoded(seen, Format::kPng), spec));
      EXPECT_NEAR(patch_seen(pixels) / patch_seen(twin), 1, 0.03) << side;
    }
  }
}

TEST_P(OrientationTest, TrimLeavesWhatIsSeen) {
  const VImage inner = photo(50, 30);
  const VImage seen = plain(80, 60, {255, 255, 255}).insert(inner, 10, 25);
  TransformSpec spec = as(Format::kPng);
  spec.trim = 10;
  EXPECT_EQ(levels_between(decoded(*make(turned(seen, Format::kPng), spec)), inner).most, 0);
}

TEST_P(OrientationTest, Orient0ShowsWhatIsStored) {
  const VImage seen = photo(40, 30);
  TransformSpec spec = as(Format::kPng);
  spec.orient = false;
  const VImage pixels = decoded(*make(turned(seen, Format::kPng), spec));
  EXPECT_EQ(levels_between(pixels, stored_as(seen, GetParam())).most, 0);
  EXPECT_EQ(vips_image_get_orientation(pixels.get_image()), 1);
  spec.crop = CropBox{2, 3, 12, 9};
  EXPECT_EQ(levels_between(decoded(*make(turned(seen, Format::kPng), spec)),
                           stored_as(seen, GetParam()).extract_area(2, 3, 10, 6))
                .most,
            0);
}

TEST_P(OrientationTest, Orient0IsSomethingAsked) {
  TransformSpec spec;
  spec.orient = false;
  const Bytes source = turned(photo(40, 30), Format::kPng);
  EXPECT_NE(make(source, spec)->data.data(), source.data());
}

}  // namespace
}  // namespace imageserver
