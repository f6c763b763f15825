#include "image/shrink.h"

#include <gtest/gtest.h>

#include <stop_token>
#include <vector>

#include "image/blob.h"
#include "image/operations.h"
#include "image/pictures.h"
#include "image/pixel_scaler.h"
#include "image/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class ShrinkTest : public TransformTest {
 protected:
  static VImage shrunk(const VImage& image, Size size, const std::stop_token& stop = {}) {
    return shrink(image, all_of(image.width(), size.width), all_of(image.height(), size.height),
                  stop);
  }

  static bool possible(const VImage& image, Size size) {
    return can_shrink(image, all_of(image.width(), size.width),
                      all_of(image.height(), size.height));
  }
};

TEST_F(ShrinkTest, CoversBytesThatBecomeFewer) {
  const VImage picture = photo(120, 80);
  EXPECT_TRUE(possible(picture, {60, 40}));
  EXPECT_TRUE(possible(picture, {120, 40}));
  EXPECT_TRUE(possible(picture.extract_band(0), {1, 1}));
  EXPECT_TRUE(possible(picture.bandjoin(255.0), {60, 40}));
  EXPECT_FALSE(possible(picture, {121, 40}));
  EXPECT_FALSE(possible(picture.cast(VIPS_FORMAT_FLOAT), {60, 40}));
  EXPECT_FALSE(possible(picture.bandjoin(255.0).bandjoin(255.0), {60, 40}));
  EXPECT_FALSE(possible(plain(10, 10 * PixelScaler::kMostFactor, {9}), {10, 9}));
  EXPECT_FALSE(possible(plain(4000, 4000, {9}), {3000, 3000})) << "too large to be held";
  EXPECT_FALSE(possible(plain(40000, 10, {9}), {3000, 9})) << "rows too long to be held";
}

TEST_F(ShrinkTest, EveryKindOfPictureIsAsInDoubles) {
  const VImage rgb = photo(131, 97);
  const VImage alpha = VImage::xyz(131, 97).extract_band(0).cast(VIPS_FORMAT_UCHAR);
  const VImage grey = rgb.colourspace(VIPS_INTERPRETATION_B_W);
  for (const VImage& picture : {rgb, grey, rgb.bandjoin(alpha), grey.bandjoin(alpha)}) {
    for (const Size size : {Size{90, 70}, Size{31, 23}, Size{13, 9}}) {
      const VImage small = shrunk(picture, size);
      EXPECT_EQ(small.bands(), picture.bands());
      EXPECT_EQ(small.interpretation(), picture.interpretation());
      Plane plane = plane_of(picture);
      const bool weighs = picture.has_alpha();
      if (weighs) plane = premultiplied(plane);
      plane = resampled(plane, size, Resampling::kLanczos);
      const VImage expected = image_of(weighs ? unpremultiplied(plane) : plane);
      const Distance apart = looks_apart(small, expected);
      EXPECT_LE(apart.mean, 0.5);
      EXPECT_LE(apart.most, 3);
    }
  }
}

TEST_F(ShrinkTest, MetadataStaysAndRowsAreInAnyOrder) {
  const Bytes file = read_testdata("p3.jpg");
  const Blob blob = borrow(file.view());
  const VImage rows =
      VImage::jpegload_buffer(blob.get(), VImage::option()->set("access", VIPS_ACCESS_SEQUENTIAL));
  const VImage small = shrunk(rows, {rows.width() / 3, rows.height() / 3});
  EXPECT_EQ(small.get_typeof(VIPS_META_SEQUENTIAL), 0U);
  EXPECT_NE(small.get_typeof(VIPS_META_ICC_NAME), 0U);
  EXPECT_EQ(small.xres(), rows.xres());
  const VImage again = small.flipver().flipver();
  EXPECT_EQ(levels_between(small, again).most, 0);
}

TEST_F(ShrinkTest, DamageIsAnError) {
  const Bytes file = read_testdata("truncated.png");
  EXPECT_EQ(error_of(file, sized(20, 0)).kind, ErrorKind::kUnprocessable);
}

TEST_F(ShrinkTest, AStopEndsIt) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW((void)shrunk(photo(120, 80), {60, 40}, stop.get_token()), vips::VError);
}

TEST_F(ShrinkTest, TakesThePlaceOfLibvipsOwnForWhatIsUsual) {
  const auto resized_by_libvips = [](const Bytes& source, const TransformSpec& spec) {
    const int before = operations_begun("resize");
    EXPECT_NE(make(source, spec), nullptr);
    return operations_begun("resize") > before;
  };
  TransformSpec spec = sized(50, 0);
  spec.format = Format::kPng;
  for (const char* name : {"small.jpg", "alpha.png", "grey.png", "palette.png", "still.webp",
                           "cmyk.jpg", "animated.gif", "small.avif"}) {
    EXPECT_FALSE(resized_by_libvips(read_testdata(name), spec)) << name;
  }
  spec.resampling = Resampling::kCubic;
  EXPECT_TRUE(resized_by_libvips(read_testdata("small.jpg"), spec));
  spec.resampling = Resampling::kLanczos;
  spec.gamma_correction = true;
  EXPECT_TRUE(resized_by_libvips(read_testdata("small.jpg"), spec));
}

}  // namespace
}  // namespace imageserver
