#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

// Cuts that follow what is in a picture: smart and entropy.
class SmartCropTest : public TransformTest {
 protected:
  // Nothing but a patch at that place: of vivid skin, which is what kSmart looks for, striped so
  // that kEntropy finds it as well.
  static VImage with_patch(int width, int height, int left, int top) {
    VImage picture = plain(width, height, {100, 100, 104}).copy_memory();
    for (int i = 0; i < 24; ++i) {
      const double shade = 40.0 * (i % 4);
      picture.draw_rect({240 - shade, 130 - shade / 2, 90 - shade / 4}, left + i, top, 1, 24,
                        VImage::option()->set("fill", true));
    }
    return picture;
  }

  // The same as a drawing.
  static Bytes drawing_with_patch(int width, int height, int left, int top) {
    const auto rectangle = [](int x, int y, int across, int down, double red, double green,
                              double blue) {
      std::ostringstream text;
      text << "<rect x='" << x << "' y='" << y << "' width='" << across << "' height='" << down
           << "' fill='rgb(" << red << ',' << green << ',' << blue << ")'/>";
      return text.str();
    };
    std::ostringstream text;
    text << "<svg xmlns='http://www.w3.org/2000/svg' width='" << width << "' height='" << height
         << "'>" << rectangle(0, 0, width, height, 100, 100, 104);
    for (int i = 0; i < 24; ++i) {
      const double shade = 40.0 * (i % 4);
      text << rectangle(left + i, top, 1, 24, 240 - shade, 130 - shade / 2, 90 - shade / 4);
    }
    text << "</svg>";
    return Bytes::own(text.str());
  }

  // How much of the patch's area is seen, where so many pixels of the result are one of the source.
  static double patch_seen(const VImage& pixels, double scale) {
    const VImage warm = (pixels.extract_band(0) - pixels.extract_band(2)) > 25;
    return warm.avg() / 255 * pixels.width() * pixels.height() / (24 * 24 * scale * scale);
  }

  static TransformSpec filled(int width, int height, Gravity::Kind kind) {
    TransformSpec spec = sized(width, height, Mode::kFill);
    spec.gravity.kind = kind;
    return spec;
  }
};

constexpr Gravity::Kind kBoth[] = {Gravity::Kind::kSmart, Gravity::Kind::kEntropy};

TEST_F(SmartCropTest, TheCutHoldsThePatch) {
  for (const Gravity::Kind kind : kBoth) {
    for (const int left : {4, 60, 172}) {
      const VImage picture = with_patch(200, 60, left, 18);
      EXPECT_GT(patch_seen(through(picture, filled(60, 60, kind)), 1), 0.9) << left;
      EXPECT_GT(patch_seen(through(picture, filled(30, 30, kind)), 0.5), 0.8) << left;
      const VImage tall = with_patch(60, 200, 18, left);
      EXPECT_GT(patch_seen(through(tall, filled(60, 60, kind)), 1), 0.9) << left;
    }
    const VImage picture = with_patch(200, 60, 172, 18);
    EXPECT_LT(patch_seen(through(picture, sized(60, 60, Mode::kFill)), 1), 0.05)
        << "the middle does not";
  }
}

TEST_F(SmartCropTest, ACutThatIsEnlargedHoldsThePatch) {
  for (const Gravity::Kind kind : kBoth) {
    for (const int left : {4, 90}) {
      const VImage picture = with_patch(120, 40, left, 8);
      const VImage pixels = through(picture, filled(120, 120, kind));
      EXPECT_EQ(pixels.width(), 120);
      EXPECT_EQ(pixels.height(), 120);
      EXPECT_GT(patch_seen(pixels, 3), 0.85) << left;
      EXPECT_LT(patch_seen(pixels, 3), 1.15) << left;
    }
  }
}

// It is drawn larger than it says, and so is the part that is looked for.
TEST_F(SmartCropTest, ACutOfADrawingThatIsEnlargedHoldsThePatch) {
  TransformContext context;
  context.untrusted.svg = true;
  for (const Gravity::Kind kind : kBoth) {
    TransformSpec spec = filled(120, 120, kind);
    spec.format = Format::kPng;
    for (const int left : {4, 90}) {
      const VImage pixels = decoded(*make(drawing_with_patch(120, 40, left, 8), spec, context));
      EXPECT_EQ(pixels.width(), 120);
      EXPECT_EQ(pixels.height(), 120);
      EXPECT_GT(patch_seen(pixels, 3), 0.85) << left;
      EXPECT_LT(patch_seen(pixels, 3), 1.15) << left;
    }
  }
}

TEST_F(SmartCropTest, GoesTogetherWithCropFlipRotationAndJpeg) {
  const VImage picture = with_patch(240, 80, 190, 28);
  for (const Gravity::Kind kind : kBoth) {
    TransformSpec spec = filled(60, 60, kind);
    spec.crop = CropBox{40, 10, 240, 70};
    EXPECT_GT(patch_seen(through(picture, spec), 1), 0.9) << "crop";
    spec.flip.horizontal = true;
    EXPECT_GT(patch_seen(through(picture, spec), 1), 0.9) << "flip";
    spec.rotation = 90;
    EXPECT_GT(patch_seen(through(picture, spec), 1), 0.9) << "quarter turn";
    spec.format = Format::kJpeg;
    EXPECT_GT(patch_seen(through(picture, spec), 1), 0.9) << "to JPEG";
  }
}

TEST_F(SmartCropTest, SmallFromALargeJpegHoldsThePatch) {
  const VImage large = with_patch(200, 60, 170, 18).zoom(4, 4);
  for (const Gravity::Kind kind : kBoth) {
    TransformSpec spec = filled(40, 40, kind);
    spec.format = Format::kPng;
    const VImage pixels = decoded(*make(encoded(large, Format::kJpeg), spec));
    EXPECT_GT(patch_seen(pixels, 40 / 60.0), 0.7);
  }
}

TEST_F(SmartCropTest, EveryFrameIsCutWhereTheFirstIs) {
  const Bytes source = encoded(
      roll({with_patch(200, 60, 172, 18), with_patch(200, 60, 4, 18)}, {50, 50}, 0), Format::kWebp);
  for (const Gravity::Kind kind : kBoth) {
    TransformSpec spec = filled(60, 60, kind);
    spec.lossless = true;
    const VImage pixels = decoded(*make(source, spec));
    ASSERT_EQ(pixels.height(), 120);
    EXPECT_GT(patch_seen(pixels.extract_area(0, 0, 60, 60), 1), 0.9);
    EXPECT_LT(patch_seen(pixels.extract_area(0, 60, 60, 60), 1), 0.05);
  }
}

}  // namespace
}  // namespace imageserver
