#include "formats/webp_exif.h"

#include <gtest/gtest.h>

#include <string>

#include "support/pictures.h"

namespace imageserver {
namespace {

TEST(WebpExif, IsRemovedAndThePictureStays) {
  const vips::VImage picture = photo(31, 17);
  const Bytes with = encoded(picture, Format::kWebp);
  ASSERT_NE(decoded(with, Format::kWebp).get_typeof(VIPS_META_EXIF_NAME), 0U);
  const Bytes without = without_exif(with.view());
  EXPECT_LT(without.size(), with.size());
  const vips::VImage read = decoded(without, Format::kWebp);
  EXPECT_EQ(read.get_typeof(VIPS_META_EXIF_NAME), 0U);
  EXPECT_EQ(distance(read, picture), 0);
}

TEST(WebpExif, AFileWithoutExifIsCopied) {
  const Bytes once = without_exif(encoded(photo(8, 8), Format::kWebp).view());
  EXPECT_EQ(without_exif(once.view()).view(), once.view());
  EXPECT_EQ(without_exif("").view(), "");
  EXPECT_EQ(without_exif("RIFF").view(), "RIFF");
}

}  // namespace
}  // namespace imageserver
