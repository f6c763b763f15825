#include <gtest/gtest.h>

#include <string>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class CropTest : public TransformTest {
 protected:
  static TransformSpec cropped(int min_x, int min_y, int max_x, int max_y) {
    TransformSpec spec = as(Format::kPng);
    spec.crop = CropBox{min_x, min_y, max_x, max_y};
    return spec;
  }

  // Blue in the box, and red all around.
  static VImage target(int width, int height, const Box& box) {
    return plain(width, height, {255, 0, 0})
        .insert(plain(box.size.width, box.size.height, {0, 0, 255}), box.left, box.top);
  }
};

TEST_F(CropTest, LeavesThePixelsOfTheBox) {
  const VImage picture = photo(60, 40);
  EXPECT_EQ(
      levels_between(through(picture, cropped(10, 5, 40, 25)), picture.extract_area(10, 5, 30, 20))
          .most,
      0);
  EXPECT_EQ(
      levels_between(through(picture, cropped(59, 39, 60, 40)), picture.extract_area(59, 39, 1, 1))
          .most,
      0);
}

TEST_F(CropTest, IsClampedToThePicture) {
  const VImage picture = photo(60, 40);
  EXPECT_EQ(levels_between(through(picture, cropped(-5, -1000, 1000, 20)),
                           picture.extract_area(0, 0, 60, 20))
                .most,
            0);
  EXPECT_EQ(levels_between(through(picture, cropped(50, 30, 2'000'000'000, 2'000'000'000)),
                           picture.extract_area(50, 30, 10, 10))
                .most,
            0);
}

TEST_F(CropTest, OutsideThePictureIsRefused) {
  const Bytes source = encoded(photo(60, 40), Format::kPng);
  const Error empty{ErrorKind::kInvalidParam,
                    "invalid param \"crop\": must hold a part of the picture, which is 60x40"};
  for (const TransformSpec& spec :
       {cropped(60, 0, 70, 40), cropped(-10, 0, 0, 40), cropped(10, 10, 10, 20),
        cropped(10, 40, 20, 50), cropped(30, 10, 20, 20), cropped(0, -9, 60, 0)}) {
    EXPECT_EQ(error_of(source, spec), empty);
  }
  EXPECT_EQ(error_of(turned_file(photo(60, 40), 6, Format::kPng), cropped(60, 0, 70, 10)), empty)
      << "the size that is seen";
}

TEST_F(CropTest, OfTheWholePictureChangesNothing) {
  const VImage picture = photo(60, 40);
  EXPECT_EQ(levels_between(through(picture, cropped(0, 0, 60, 40)), picture).most, 0);
}

TEST_F(CropTest, CountsPixelsAsSeen) {
  const VImage seen = photo(60, 40);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Bytes source = turned_file(seen, orientation, Format::kPng);
    const VImage pixels = decoded(*make(source, cropped(3, 7, 50, 20)));
    EXPECT_EQ(levels_between(pixels, seen.extract_area(3, 7, 47, 13)).most, 0) << orientation;
  }
}

TEST_F(CropTest, ComesBeforeTheResize) {
  const VImage picture = photo(160, 120);
  TransformSpec spec = cropped(33, 21, 133, 111);
  spec.width = 40;
  const Plane part = plane_of(picture.extract_area(33, 21, 100, 90));
  const VImage expected = image_of(resampled(part, {40, 36}, Resampling::kLanczos));
  EXPECT_LT(levels_between(through(picture, spec), expected).mean, 0.6);
}

TEST_F(CropTest, ComesBeforeFlipAndRotation) {
  const VImage picture = photo(60, 40);
  TransformSpec spec = cropped(3, 7, 50, 20);
  spec.flip.horizontal = true;
  spec.rotation = 90;
  EXPECT_EQ(
      levels_between(through(picture, spec), picture.extract_area(3, 7, 47, 13).fliphor().rot270())
          .most,
      0);
}

TEST_F(CropTest, OfAJpegIsTheSameWithAndWithoutShrinkOnLoad) {
  const VImage picture = photo(320, 240);
  const Bytes source = encoded(picture, Format::kJpeg);
  const VImage stored = decoded(source, Format::kJpeg);
  for (const int at : {32, 37, 1}) {
    TransformSpec spec = cropped(at, at, at + 256, at + 160);
    for (const int width : {10, 32, 50, 150}) {
      spec.width = width;
      const VImage pixels = decoded(*make(source, spec));
      const Plane part = plane_of(stored.extract_area(at, at, 256, 160));
      const VImage expected =
          image_of(resampled(part, {width, pixels.height()}, Resampling::kLanczos));
      EXPECT_LT(levels_between(pixels, expected).mean, 1.0) << at << " to " << width;
      EXPECT_GT(similarity_between(pixels, expected), 0.99) << at << " to " << width;
    }
  }
}

TEST_F(CropTest, NothingFromOutsideTheBoxIsSeen) {
  for (const Box& box :
       {Box{64, 64, {256, 192}}, Box{61, 67, {255, 199}}, Box{128, 0, {64, 320}}}) {
    for (const Format in : {Format::kPng, Format::kWebp, Format::kJpeg}) {
      const Bytes source = encoded(target(512, 320, box), in);
      TransformSpec spec =
          cropped(box.left, box.top, box.left + box.size.width, box.top + box.size.height);
      for (const int width : {7, 16, 50, 500}) {
        spec.width = width;
        const VImage pixels = decoded(*make(source, spec));
        // JPEG's own blocks of 16 pixels with half the colour mix what lies beside their edges.
        const bool whole_blocks =
            box.left % 16 == 0 && box.size.width % 16 == 0 && box.size.height % 16 == 0;
        if (in == Format::kJpeg && !whole_blocks) continue;
        EXPECT_LE(pixels.extract_band(0).max(), 3) << width << " from " << format_name(in);
      }
    }
  }
}

TEST_F(CropTest, GoesTogetherWithEveryMode) {
  const Box box{40, 20, {60, 30}};
  const VImage picture = target(160, 90, box);
  for (const Mode mode :
       {Mode::kStretch, Mode::kFit, Mode::kFill, Mode::kPad, Mode::kInside, Mode::kCover}) {
    TransformSpec spec = cropped(40, 20, 100, 50);
    spec.width = 30;
    spec.height = 30;
    spec.mode = mode;
    const VImage pixels = through(picture, spec);
    EXPECT_LE(pixels.extract_band(0).max(), 1) << static_cast<int>(mode);
    EXPECT_EQ(pixels.height(), mode == Mode::kFit || mode == Mode::kInside ? 15 : 30);
    EXPECT_EQ(pixels.width(), mode == Mode::kCover ? 60 : 30);
  }
}

TEST_F(CropTest, MayLieFarDownATallPicture) {
  const VImage picture = plain(20, 6000, {255, 0, 0}).insert(photo(20, 100), 0, 5000);
  EXPECT_EQ(levels_between(through(picture, cropped(5, 5010, 15, 5060)),
                           picture.extract_area(5, 5010, 10, 50))
                .most,
            0);
}

TEST_F(CropTest, CutsEveryFrameOfAnAnimation) {
  const std::vector<VImage> frames = {photo(40, 30), photo(40, 30).fliphor(),
                                      photo(40, 30).rot180()};
  TransformSpec spec = cropped(5, 6, 35, 20);
  spec.format = Format::kWebp;
  spec.lossless = true;
  const VImage pixels = decoded(*make(encoded(roll(frames, {50, 60, 70}, 2), Format::kWebp), spec));
  ASSERT_EQ(pixels.height(), 3 * 14);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(levels_between(pixels.extract_area(0, 14 * i, 30, 14),
                             frames[static_cast<std::size_t>(i)].extract_area(5, 6, 30, 14))
                  .most,
              0);
  }
}

}  // namespace
}  // namespace imageserver
