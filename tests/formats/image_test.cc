#include "formats/image.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

TEST(MakeImage, KeepsWhatItIsGiven) {
  const ImagePtr image = make_image(Format::kGif, Bytes::copy("GIF89a"), {100, 250});
  EXPECT_EQ(image->format, Format::kGif);
  EXPECT_EQ(image->data.view(), "GIF89a");
  EXPECT_EQ(image->frames, (Frames{100, 250}));
  EXPECT_TRUE(image->frames.truncated());
}

TEST(MakeImage, UnlessItIsToldAPictureIsOneFrameOfOne) {
  EXPECT_EQ(Frames{}, (Frames{1, 1}));
  EXPECT_FALSE(Frames{}.truncated());
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

TEST(MakeOriginal, IsItsBytesAndNothingElse) {
  const Bytes bytes = Bytes::copy("GIF89a");
  const ImagePtr original = make_original(bytes, entity_tag(bytes.view()));
  EXPECT_EQ(original->data.data(), bytes.data()) << "they are not copied";
  EXPECT_FALSE(original->format.has_value());
  EXPECT_EQ(original->etag, entity_tag(bytes.view()));
  EXPECT_EQ(value_size(*original), 4U + 4U + 6U);
}

}  // namespace
}  // namespace imageserver
