#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "image/steps/trim.h"
#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class TrimTest : public TransformTest {
 protected:
  static TransformSpec trimmed(double threshold) {
    TransformSpec spec = as(Format::kTiff);
    spec.trim = threshold;
    return spec;
  }

  // A picture of strong colours in a border.
  static VImage inner() { return (photo(50, 30) * 0.5).cast(VIPS_FORMAT_UCHAR); }
  static VImage framed(const std::vector<double>& border) {
    return plain(90, 70, border).insert(inner(), 10, 25);
  }

  // The same by looking at every pixel. REQUIRES: 8 bits a band, no alpha.
  static Box seen_box(const VImage& lazy, double threshold) {
    const VImage image = lazy.copy_memory();
    const auto* const first = static_cast<const unsigned char*>(image.data());
    int left = image.width();
    int top = image.height();
    int right = 0;
    int bottom = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        const auto* const pixel = first + (y * image.width() + x) * image.bands();
        const auto is_near = [threshold](int a, int b) { return std::abs(a - b) <= threshold; };
        if (std::equal(pixel, pixel + image.bands(), first, is_near)) continue;
        left = std::min(left, x);
        top = std::min(top, y);
        right = std::max(right, x + 1);
        bottom = std::max(bottom, y + 1);
      }
    }
    return right == 0 ? whole_of({image.width(), image.height()})
                      : Box{left, top, {right - left, bottom - top}};
  }

  // Black on white: lines of one pixel, and at the edges a dot of one pixel each, as text has them.
  static VImage text() {
    VImage lines = plain(120, 18, {255}).copy_memory();
    for (int x = 10; x < 110; x += 7) lines.draw_line({0}, x, 4, x + x % 5, 14);
    for (const auto& [x, y] : {std::pair{0, 12}, {119, 9}, {33, 0}, {70, 17}})
      lines.draw_line({0}, x, y, x, y);
    return lines;
  }

  // On a white page, so far from its edges.
  static VImage page_with(const VImage& picture, int left, int top) {
    return picture.embed(left, top, picture.width() + 2 * left, picture.height() + 2 * top,
                         VImage::option()->set("extend", VIPS_EXTEND_WHITE));
  }

  static Box found_box(const VImage& image, double threshold) {
    return without_border(image.copy_memory(), threshold);
  }
};

TEST_F(TrimTest, TakesTheBorderAway) {
  for (const auto& border : {std::vector<double>{255, 255, 255}, {255, 0, 255}, {200, 255, 255}}) {
    EXPECT_EQ(levels_between(through(framed(border), trimmed(10)), inner()).most, 0);
  }
}

TEST_F(TrimTest, TheThresholdSaysHowFarABorderMayVary) {
  VImage noisy = framed({230, 230, 230}).copy_memory();
  noisy.draw_rect({215, 230, 245}, 80, 5, 4, 4, VImage::option()->set("fill", true));
  EXPECT_EQ(levels_between(through(noisy, trimmed(20)), inner()).most, 0);
  const VImage kept = through(noisy, trimmed(10));
  EXPECT_EQ(kept.width(), 84 - 10);
  EXPECT_EQ(kept.height(), 55 - 5);
}

TEST_F(TrimTest, OfTransparentBordersLooksAtAlpha) {
  const VImage solid = inner().bandjoin(255.0);
  const VImage picture = plain(90, 70, {10, 20, 30, 0}).insert(solid, 10, 25);
  EXPECT_EQ(levels_between(through(picture, trimmed(10)), solid).most, 0);
  // A dark shadow on nothing stays, though its colour is the border's.
  const VImage shadow = plain(90, 70, {0, 0, 0, 0}).insert(plain(20, 10, {0, 0, 0, 200}), 30, 40);
  const VImage pixels = through(shadow, trimmed(10));
  EXPECT_EQ(pixels.width(), 20);
  EXPECT_EQ(pixels.height(), 10);
}

TEST_F(TrimTest, OfAlphaBehindAnOpaqueBorderLooksAtColours) {
  const VImage picture =
      plain(90, 70, {255, 255, 255, 255}).insert(inner().bandjoin(255.0), 10, 25);
  const VImage pixels = through(picture, trimmed(10));
  EXPECT_EQ(levels_between(pixels, inner().bandjoin(255.0)).most, 0);
}

TEST_F(TrimTest, OfAUniformPictureLeavesItAll) {
  for (const auto& colour : {std::vector<double>{255, 255, 255}, {0, 0, 0}, {9, 9, 9, 0}, {77}}) {
    const VImage pixels = through(plain(31, 17, colour), trimmed(10));
    EXPECT_EQ(pixels.width(), 31);
    EXPECT_EQ(pixels.height(), 17);
  }
}

TEST_F(TrimTest, AtThreshold0OnlyTheVeryColourGoes) {
  EXPECT_EQ(levels_between(through(framed({255, 255, 255}), trimmed(0)), inner()).most, 0);
  const VImage almost =
      plain(40, 40, {255, 255, 255}).insert(plain(10, 10, {254, 255, 255}), 20, 20);
  EXPECT_EQ(through(almost, trimmed(0)).width(), 10);
}

TEST_F(TrimTest, KeepsLinesOfOnePixel) {
  for (const auto& [left, top, width, height] :
       {VipsRect{20, 30, 1, 1}, {3, 9, 40, 1}, {17, 2, 1, 50}, {0, 69, 1, 1}, {89, 0, 1, 70}}) {
    const VImage line = plain(90, 70, {255, 255, 255}).insert(plain(width, height, {0}), left, top);
    EXPECT_EQ(found_box(line, 10), (Box{left, top, {width, height}}));
  }
  VImage frame = plain(90, 70, {255, 255, 255}).copy_memory();
  frame.draw_rect({200, 0, 0}, 20, 10, 50, 40);
  const VImage pixels = through(frame, trimmed(0));
  EXPECT_EQ(levels_between(pixels, frame.extract_area(20, 10, 50, 40)).most, 0);
}

TEST_F(TrimTest, KeepsDotsOfText) {
  const VImage pixels = through(page_with(text(), 30, 20), trimmed(0));
  EXPECT_EQ(levels_between(pixels, text()).most, 0);
}

TEST_F(TrimTest, FindsWhatALookAtEveryPixelFinds) {
  for (int i = 0; i < 40; ++i) {
    const int bands = 1 + i % 2 * 2;
    const VImage noise =
        VImage::gaussnoise(23 + i, 19, VImage::option()->set("seed", i)->set("sigma", 1 + i % 7));
    const VImage few = (noise > 128 + 4 * (1 + i % 7)).ifthenelse(noise, 128.0);
    std::vector<VImage> all(static_cast<std::size_t>(bands), few.cast(VIPS_FORMAT_UCHAR));
    const VImage image = VImage::bandjoin(all);
    for (const double threshold : {0.0, 3.0, 7.5, 20.0})
      EXPECT_EQ(found_box(image, threshold), seen_box(image, threshold)) << i;
  }
}

TEST_F(TrimTest, OfPicturesBelow3PixelsWorks) {
  for (const Size size : {Size{1, 1}, {2, 1}, {1, 2}, {2, 2}, {1, 9}, {9, 2}}) {
    const VImage white = plain(size.width, size.height, {255, 255, 255});
    EXPECT_EQ(found_box(white, 0), whole_of(size));
    if (size == Size{1, 1}) continue;
    const VImage dot = white.insert(plain(1, 1, {0, 0, 0}), size.width - 1, size.height - 1);
    EXPECT_EQ(found_box(dot, 0), (Box{size.width - 1, size.height - 1, {1, 1}}));
  }
}

TEST_F(TrimTest, ComparesBandsAndNotTheirSum) {
  const VImage faint = plain(30, 30, {100, 100, 100}).insert(plain(9, 9, {110, 110, 110}), 10, 10);
  EXPECT_EQ(found_box(faint, 10), whole_of({30, 30}));
  EXPECT_EQ(found_box(faint, 9.9), (Box{10, 10, {9, 9}}));
  const VImage blue = plain(30, 30, {100, 100, 100}).insert(plain(9, 9, {100, 100, 111}), 10, 10);
  EXPECT_EQ(found_box(blue, 10), (Box{10, 10, {9, 9}}));
}

// The noise of JPEG stays within the blocks that the content touches.
TEST_F(TrimTest, GoesOverTheNoiseOfJpeg) {
  const VImage page = page_with(text(), 64, 64);
  for (const int quality : {90, 75, 50}) {
    const Bytes file = to_bytes(page.jpegsave_buffer(VImage::option()->set("Q", quality)));
    const Box box = found_box(decoded(file, Format::kJpeg), 10);
    EXPECT_NEAR(box.left, 64, 8) << quality;
    EXPECT_NEAR(box.top, 64, 8) << quality;
    EXPECT_NEAR(box.left + box.size.width, 64 + text().width(), 8) << quality;
    EXPECT_NEAR(box.top + box.size.height, 64 + text().height(), 8) << quality;
  }
}

TEST_F(TrimTest, OfTransparentPixelsSeesNoColour) {
  const VImage mark = plain(9, 9, {0, 0, 200, 255});
  const VImage hidden = plain(40, 40, {255, 0, 0, 0}).insert(plain(40, 5, {0, 255, 0, 0}), 0, 0);
  EXPECT_EQ(found_box(hidden.insert(mark, 12, 20), 0), (Box{12, 20, {9, 9}}));
  // What is nearly transparent differs from nothing by its alpha, whatever its colour.
  const VImage faint = plain(40, 40, {0, 0, 0, 0}).insert(plain(9, 9, {255, 255, 255, 10}), 5, 6);
  EXPECT_EQ(found_box(faint, 10), whole_of({40, 40}));
  EXPECT_EQ(found_box(faint, 9), (Box{5, 6, {9, 9}}));
}

// On no ground is the hole like the border.
TEST_F(TrimTest, KeepsAHoleInAnOpaqueBorder) {
  const VImage hole =
      plain(40, 40, {255, 255, 255, 255}).insert(plain(9, 9, {255, 255, 255, 0}), 5, 6);
  EXPECT_EQ(found_box(hole, 10), (Box{5, 6, {9, 9}}));
}

TEST_F(TrimTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(static_cast<void>(
                   without_border(framed({255, 255, 255}).copy_memory(), 10, stop.get_token())),
               vips::VError);
}

TEST_F(TrimTest, GoesInsideACrop) {
  TransformSpec spec = trimmed(10);
  spec.crop = CropBox{0, 0, 40, 70};
  EXPECT_EQ(
      levels_between(through(framed({255, 255, 255}), spec), inner().extract_area(0, 0, 30, 30))
          .most,
      0);
  spec.crop = CropBox{20, 30, 40, 50};
  const VImage within = inner().extract_area(10, 5, 20, 20);
  EXPECT_EQ(levels_between(through(framed({255, 255, 255}), spec), within).most, 0);
}

TEST_F(TrimTest, ComesBeforeSizesAndTurns) {
  TransformSpec spec = trimmed(10);
  spec.rotation = 90;
  spec.width = 15;
  const VImage pixels = through(framed({255, 255, 255}), spec);
  EXPECT_EQ(pixels.width(), 15);
  EXPECT_EQ(pixels.height(), 25);
  const VImage expected =
      image_of(resampled(plane_of(inner().rot270()), {15, 25}, Resampling::kLanczos));
  EXPECT_LT(levels_between(pixels, expected).mean, 0.6);
}

TEST_F(TrimTest, OfAnAnimationKeepsWhatAnyFrameShows) {
  const VImage first = plain(90, 70, {255, 255, 255}).insert(inner(), 10, 25);
  const VImage second = plain(90, 70, {255, 255, 255}).insert(inner(), 30, 5);
  TransformSpec spec = trimmed(10);
  spec.format = Format::kWebp;
  spec.lossless = true;
  const VImage pixels =
      decoded(*make(encoded(roll({first, second}, {50, 50}, 0), Format::kWebp), spec));
  ASSERT_EQ(pixels.width(), 70);
  ASSERT_EQ(vips_image_get_page_height(pixels.get_image()), 50);
  EXPECT_EQ(looks_apart(pixels.extract_area(0, 0, 70, 50), first.extract_area(10, 5, 70, 50)).most,
            0);
  EXPECT_EQ(
      looks_apart(pixels.extract_area(0, 50, 70, 50), second.extract_area(10, 5, 70, 50)).most, 0);
}

TEST_F(TrimTest, OfACmykPictureWorks) {
  const VImage white = plain(90, 70, {255, 255, 255}).insert(inner(), 10, 25);
  const VImage cmyk = white.icc_transform("cmyk", VImage::option()->set("input_profile", "srgb"));
  const VImage pixels =
      decoded(*make(to_bytes(cmyk.jpegsave_buffer(VImage::option()->set("Q", 98))), trimmed(30)));
  EXPECT_NEAR(pixels.width(), 50, 16);
  EXPECT_NEAR(pixels.height(), 30, 16);
}

}  // namespace
}  // namespace imageserver
