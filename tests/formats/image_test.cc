#include "formats/image.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

TEST(Format, NamesAndMediaTypes) {
  EXPECT_EQ(format_name(Format::kJpeg), "jpeg");
  EXPECT_EQ(format_name(Format::kPng), "png");
  EXPECT_EQ(format_name(Format::kGif), "gif");
  EXPECT_EQ(format_name(Format::kWebp), "webp");
  EXPECT_EQ(format_name(Format::kAvif), "avif");
  EXPECT_EQ(format_name(Format::kTiff), "tiff");
  EXPECT_EQ(format_name(Format::kBmp), "bmp");
  for (const Format format : kFormats) {
    EXPECT_EQ(format_from_name(format_name(format)), format);
    EXPECT_EQ(media_type(format), "image/" + std::string(format_name(format)));
  }
}

TEST(Format, OtherNamesAreNone) {
  for (const char* name : {"", "jpg", "JPEG", "jpeg ", "tif", "auto", "svg", "heic"}) {
    EXPECT_EQ(format_from_name(name), std::nullopt) << name;
  }
}

TEST(MakeImage, KeepsWhatItIsGiven) {
  const ImagePtr image = make_image(Format::kGif, Bytes::copy("GIF89a"), {100, 250});
  EXPECT_EQ(image->format, Format::kGif);
  EXPECT_EQ(image->data.view(), "GIF89a");
  EXPECT_EQ(image->frames, (Frames{100, 250}));
  EXPECT_TRUE(image->frames.truncated());
}

TEST(MakeImage, TheEtagIsAQuotedHashOfTheDataAlone) {
  const ImagePtr image = make_image(Format::kJpeg, Bytes::copy("abc"), {});
  EXPECT_EQ(image->etag, "\"ba7816bf8f01cfea414140de5dae2223\"");
  EXPECT_EQ(make_image(Format::kPng, Bytes::copy("abc"), {})->etag, image->etag);
  EXPECT_NE(make_image(Format::kJpeg, Bytes::copy("abd"), {})->etag, image->etag);
}

TEST(MakeImage, TheValueHoldsTwoLengthsTheNameAndTheData) {
  EXPECT_EQ(value_size(*make_image(Format::kJpeg, Bytes::copy("12345"), {})), 4U + 4U + 4U + 5U);
  EXPECT_EQ(value_size(*make_image(Format::kGif, Bytes(), {})), 4U + 3U + 4U);
}

}  // namespace
}  // namespace imageserver
