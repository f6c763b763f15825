#include <gtest/gtest.h>

#include "image/pictures.h"

namespace imageserver {
namespace {

using vips::VImage;

// Stored so that with this orientation it is seen as `seen`.
VImage stored_as(const VImage& seen, int orientation) {
  switch (orientation) {
    case 2:
      return seen.fliphor();
    case 3:
      return seen.rot180();
    case 4:
      return seen.flipver();
    case 5:
      return seen.rot90().fliphor();
    case 6:
      return seen.rot270();
    case 7:
      return seen.rot270().fliphor();
    case 8:
      return seen.rot90();
    default:
      return seen;
  }
}

class OrientationTest : public TransformTest, public testing::WithParamInterface<int> {
 protected:
  Bytes turned(const VImage& seen, Format format) {
    VImage image = stored_as(seen, GetParam()).copy();
    image.set(VIPS_META_ORIENTATION, GetParam());
    // Only the JPEG saver makes up an EXIF block; the others want one to write into.
    const VImage jpeg = decoded(encoded(image, Format::kJpeg), Format::kJpeg);
    std::size_t size = 0;
    const void* exif = jpeg.get_blob(VIPS_META_EXIF_NAME, &size);
    vips_image_set_blob_copy(image.get_image(), VIPS_META_EXIF_NAME, exif, size);
    return encoded(image, format);
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

}  // namespace
}  // namespace imageserver
