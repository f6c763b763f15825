#include "formats/unknown_format.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(UnknownFormatTest, NamesTheFormatsThatAreRead) {
  EXPECT_EQ(unknown_format({}),
            (Error{ErrorKind::kUnprocessable,
                   "not a picture in a format we read (JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, "
                   "BMP)"}));
}

TEST(UnknownFormatTest, NamesThoseThatAreAllowedBesides) {
  EXPECT_EQ(unknown_format({.svg = true, .jxl = true}).message,
            "not a picture in a format we read (JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP, SVG, "
            "JPEG XL)");
}

}  // namespace
}  // namespace imageserver
