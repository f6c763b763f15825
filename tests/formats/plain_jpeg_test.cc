#include "formats/plain_jpeg.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>

namespace imageserver {
namespace {

// The bytes of T.81: a frame of 8 bits, 2 high and 3 wide, and the begin of a scan.
std::string jpeg(const std::string& segments) {
  return "\xFF\xD8" + segments + std::string("\xFF\xDA\0\x02", 4);
}

std::string frame(const std::string& content) {
  const std::string length{'\0', static_cast<char>(content.size() + 2)};
  return "\xFF\xC0" + length + content;
}

const std::string kGrey("\x08\0\x02\0\x03\x01\x01\x11\0", 9);

TEST(PlainJpegTest, HasTheSizeThatItsFrameSays) {
  EXPECT_EQ(plain_jpeg_size(jpeg(frame(kGrey))), (Size{3, 2}));
}

TEST(PlainJpegTest, MetadataOrOtherColoursMakeItNone) {
  const std::string exif("\xFF\xE1\0\x02", 4);
  const std::string adobe("\xFF\xEE\0\x02", 4);
  const std::string comment("\xFF\xFE\0\x02", 4);
  const std::string jfif("\xFF\xE0\0\x02", 4);
  for (const std::string& other : {exif, adobe, comment})
    EXPECT_EQ(plain_jpeg_size(jpeg(other + frame(kGrey))), std::nullopt);
  EXPECT_EQ(plain_jpeg_size(jpeg(jfif + frame(kGrey))), (Size{3, 2}));
}

TEST(PlainJpegTest, TablesAndRestartsAreOfThePicture) {
  const std::string restarts("\xFF\xDD\0\x04\0\x08", 6);
  const std::string tables = std::string("\xFF\xDB\0\x02", 4) + std::string("\xFF\xC4\0\x02", 4);
  EXPECT_EQ(plain_jpeg_size(jpeg(tables + restarts + frame(kGrey))), (Size{3, 2}));
  EXPECT_EQ(plain_jpeg_size(jpeg(frame(kGrey) + restarts + tables)), (Size{3, 2}));
}

TEST(PlainJpegTest, AFrameIsBaselineExtendedOrProgressive) {
  const auto with_marker = [](char marker) {
    std::string of_kind = frame(kGrey);
    of_kind[1] = marker;
    return plain_jpeg_size(jpeg(of_kind));
  };
  for (const char usual : {'\xC0', '\xC1', '\xC2'}) EXPECT_EQ(with_marker(usual), (Size{3, 2}));
  for (const char other : {'\xC3', '\xC5', '\xC9', '\xCA'})
    EXPECT_EQ(with_marker(other), std::nullopt) << "lossless, hierarchical or arithmetic";
}

TEST(PlainJpegTest, WhatADecoderRefusesIsNone) {
  const auto with = [](std::size_t at, const std::string& bytes) {
    std::string content = kGrey;
    content.replace(at, bytes.size(), bytes);
    return plain_jpeg_size(jpeg(frame(content)));
  };
  EXPECT_EQ(with(0, "\x0C"), std::nullopt) << "bits a sample";
  EXPECT_EQ(with(1, std::string(2, 0)), std::nullopt) << "no height";
  EXPECT_EQ(with(3, std::string(2, 0)), std::nullopt) << "no width";
  EXPECT_EQ(with(1, "\xFF\xFF"), std::nullopt) << "too high";
  EXPECT_EQ(with(3, "\xFF\xFF"), std::nullopt) << "too wide";
  EXPECT_EQ(with(5, "\x03"), std::nullopt) << "components that are not there";
  EXPECT_EQ(with(7, "\x01"), std::nullopt) << "a factor of 0";
  EXPECT_EQ(with(7, "\x15"), std::nullopt) << "a factor of 5";
  EXPECT_EQ(plain_jpeg_size(jpeg("")), std::nullopt) << "no frame";
  EXPECT_EQ(plain_jpeg_size(jpeg(frame(kGrey) + frame(kGrey))), std::nullopt) << "two frames";
  EXPECT_EQ(plain_jpeg_size("\xFF\xD8" + frame(kGrey)), std::nullopt) << "no scan";
}

TEST(PlainJpegTest, AnyBeginOfAFileIsReadSafely) {
  const std::string file = jpeg(frame(kGrey));
  for (std::size_t size = 0; size < file.size(); ++size)
    EXPECT_EQ(plain_jpeg_size(std::string(file, 0, size)), std::nullopt) << size;
}

}  // namespace
}  // namespace imageserver
