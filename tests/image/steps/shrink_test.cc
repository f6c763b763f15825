#include "image/steps/shrink.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <stop_token>
#include <utility>
#include <vector>

#include "image/resample/pixel_scaler.h"
#include "image/vips/blob.h"
#include "support/operations.h"
#include "support/pictures.h"
#include "support/reference.h"

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

// How many pixels were asked for, of a picture that is made as it is read.
class CountedPicture {
 public:
  explicit CountedPicture(int side) {
    VipsImage* const raw = vips_image_new();
    picture_ = VImage(raw);
    vips_image_init_fields(raw, side, side, 3, VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
                           VIPS_INTERPRETATION_sRGB, 1, 1);
    EXPECT_EQ(vips_image_pipelinev(raw, VIPS_DEMAND_STYLE_ANY, nullptr), 0);
    EXPECT_EQ(vips_image_generate(raw, nullptr, generate, nullptr, this, nullptr), 0);
  }

  void on_first_pixels(std::function<void()> then) { then_ = std::move(then); }

  [[nodiscard]] const VImage& picture() const { return picture_; }
  [[nodiscard]] std::int64_t pixels() const { return pixels_; }

 private:
  // Called by the thread that shrinks, as there is no other.
  static int generate(VipsRegion* region, void*, void* counted, void*, gboolean*) {
    auto* const self = static_cast<CountedPicture*>(counted);
    self->pixels_ += std::int64_t{region->valid.width} * region->valid.height;
    if (const auto then = std::exchange(self->then_, {})) then();
    vips_region_black(region);
    return 0;
  }

  std::int64_t pixels_ = 0;
  std::function<void()> then_;
  VImage picture_;
};

TEST_F(ShrinkTest, WhatIsRotatedIsMadeOnce) {
  constexpr int kSide = 2000;
  const CountedPicture counted(kSide);
  const VImage rotated = counted.picture().rotate(30);
  shrunk(rotated, {rotated.width() / 2, rotated.height() / 2});
  EXPECT_GT(counted.pixels(), kSide * kSide / 2);
  EXPECT_LT(counted.pixels(), 4 * kSide * kSide) << "tiles overlap, but that is all";
}

TEST_F(ShrinkTest, AStopEndsItAtTheNextStrip) {
  constexpr int kSide = 2000;
  CountedPicture counted(kSide);
  std::stop_source stop;
  counted.on_first_pixels([&stop] { stop.request_stop(); });
  EXPECT_THROW((void)shrunk(counted.picture(), {kSide / 2, kSide / 2}, stop.get_token()),
               vips::VError);
  EXPECT_LT(counted.pixels(), kSide * kSide / 10);
}

TEST_F(ShrinkTest, DamageIsAnError) {
  const Bytes file = read_testdata("truncated.png");
  EXPECT_EQ(error_of(file, sized(20, 0)).kind, ErrorKind::kUnprocessable);
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
