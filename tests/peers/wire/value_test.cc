#include "peers/wire/value.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

std::string bytes(const char* text, std::size_t size) { return {text, size}; }

std::string value_of(Format format, const std::string& data) {
  return encode_value_prefix(format, data.size()) + data;
}

void expect_refused(const std::string& value, const std::string& what) {
  const Result<ValueView> decoded = decode_value(value);
  ASSERT_TRUE(decoded.has_error());
  EXPECT_EQ(decoded.error(), (Error{ErrorKind::kBadRequest, "invalid value: " + what}));
}

TEST(Value, IsEncodedAsByGo) {
  EXPECT_EQ(value_of(Format::kJpeg, "abc"), bytes("\x04\0\0\0jpeg\x03\0\0\0abc", 15));
  EXPECT_EQ(encode_value_prefix(Format::kPng, 0x01020304),
            bytes("\x03\0\0\0png\x04\x03\x02\x01", 11));
}

TEST(Value, HasTheSizeThatTheCacheCounts) {
  for (const Format format : kFormats) {
    const ImagePtr image = make_image(format, Bytes::copy("some data"), {});
    EXPECT_EQ(value_of(format, "some data").size(), value_size(*image));
  }
}

TEST(Value, IsDecodedAsItWasEncoded) {
  for (const Format format : kFormats) {
    for (const std::string& data : {std::string(), std::string("x"), std::string(70'000, 'y')}) {
      const std::string value = value_of(format, data);
      const Result<ValueView> decoded = decode_value(value);
      ASSERT_TRUE(decoded.has_value());
      EXPECT_EQ(*decoded, (ValueView{format, data}));
    }
  }
}

TEST(Value, TheDataIsAViewIntoTheValue) {
  const std::string value = value_of(Format::kGif, "abc");
  EXPECT_EQ(decode_value(value).value().data.data(), value.data() + value.size() - 3);
}

constexpr const char* kLengthOfFormat = "length of the format";
constexpr const char* kUnknownFormat = "unknown format";
constexpr const char* kLengthOfData = "length of the data";

TEST(Value, EveryTruncationIsRefused) {
  constexpr std::size_t kName = 4 + 4;
  const std::string value = value_of(Format::kWebp, "abc");
  for (std::size_t size = 0; size < value.size(); ++size) {
    expect_refused(value.substr(0, size), size < kName ? kLengthOfFormat : kLengthOfData);
  }
}

TEST(Value, BytesLeftOverAreRefused) {
  expect_refused(value_of(Format::kWebp, "abc") + 'd', "bytes after the data");
}

TEST(Value, LengthsBeyondTheEndAreRefused) {
  expect_refused(bytes("\xff\xff\xff\xffjpeg\x03\0\0\0abc", 15), kLengthOfFormat);
  expect_refused(bytes("\x04\0\0\0jpeg\xff\xff\xff\xff"
                       "abc",
                       15),
                 kLengthOfData);
  expect_refused(bytes("\x04\0\0\0jpeg\x04\0\0\0abc", 15), kLengthOfData);
}

TEST(Value, OnlyFormatsWeServeAreTaken) {
  expect_refused(bytes("\x03\0\0\0jpg\x03\0\0\0abc", 14), kUnknownFormat);
  expect_refused(bytes("\0\0\0\0\x03\0\0\0abc", 11), kUnknownFormat);
}

TEST(Value, TheNameOfAFormatHas256BytesAtMost) {
  const std::string no_data = bytes("\0\0\0\0", 4);
  expect_refused(bytes("\0\x01\0\0", 4) + std::string(256, 'x') + no_data, kUnknownFormat);
  expect_refused(bytes("\x01\x01\0\0", 4) + std::string(257, 'x') + no_data, kLengthOfFormat);
}

}  // namespace
}  // namespace imageserver
