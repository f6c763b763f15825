#include "formats/structure.h"

#include <gtest/gtest.h>

#include <string>

#include "support/pictures.h"

namespace imageserver {
namespace {

constexpr int kMaxScans = 20;

using std::string_literals::operator""s;

constexpr FileType kThree[] = {FileType::kJpeg, FileType::kPng, FileType::kGif};

Bytes picture_as(FileType type, int width, int height) {
  return encoded(photo(width, height), *format_of(type));
}

TEST(Structure, ATruncatedPictureIsNotSound) {
  for (const FileType type : kThree) {
    const Bytes whole = picture_as(type, 40, 30);
    EXPECT_TRUE(is_sound(whole.view(), type, kMaxScans));
    // A PNG's IEND is known by its name; its checksum may be missing.
    const std::size_t end = whole.size() - 1;
    for (std::size_t size = 0; size < end; ++size)
      EXPECT_FALSE(is_sound(whole.view().substr(0, size), type, kMaxScans)) << size;
  }
}

TEST(Structure, WhatFollowsTheEndDoesNotCount) {
  for (const FileType type : kThree) {
    const std::string more = std::string(picture_as(type, 4, 3).view()) + "and more";
    EXPECT_TRUE(is_sound(more, type, kMaxScans));
  }
}

TEST(Structure, TheEndOfAPreviewIsNotTheEndOfThePicture) {
  const std::string preview = "\xFF\xD8\xFF\xD9"s;
  EXPECT_FALSE(is_sound("\xFF\xD8\xFF\xE1\x00\x06"s + preview, FileType::kJpeg, kMaxScans));
  EXPECT_TRUE(
      is_sound("\xFF\xD8\xFF\xE1\x00\x06"s + preview + "\xFF\xD9", FileType::kJpeg, kMaxScans));
}

TEST(Structure, JpegFillBytesRestartsAndStuffingAreSkipped) {
  EXPECT_TRUE(is_sound("\xFF\xD8\xFF\x00 \xFF\xD0 \xFF\xFF\xFF\xD9"s, FileType::kJpeg, kMaxScans));
  EXPECT_FALSE(is_sound("\xFF\xD8\xFF\x00 \xFF\xD0 \xFF\xFF\xFF"s, FileType::kJpeg, kMaxScans));
  EXPECT_FALSE(is_sound("\xFF\xD8\xFF\xE1\xFF"s, FileType::kJpeg, kMaxScans));
}

TEST(Structure, TheSemicolonInsideAGifIsNotItsEnd) {
  const std::string screen = "GIF89a\x01\x00\x01\x00\x00\x00\x00"s;
  const std::string comment = "\x21\xFE\x02;;\x00"s;
  EXPECT_FALSE(is_sound(screen + comment, FileType::kGif, kMaxScans));
  EXPECT_TRUE(is_sound(screen + comment + ";", FileType::kGif, kMaxScans));
}

TEST(Structure, AJpegHasABoundedNumberOfScans) {
  const auto with_scans = [](int count) {
    std::string jpeg = "\xFF\xD8"s;
    for (int i = 0; i < count; ++i) jpeg += "\xFF\xDA\x00\x02 "s;
    return jpeg + "\xFF\xD9"s;
  };
  EXPECT_TRUE(is_sound(with_scans(kMaxScans), FileType::kJpeg, kMaxScans));
  EXPECT_FALSE(is_sound(with_scans(kMaxScans + 1), FileType::kJpeg, kMaxScans));
}

TEST(Structure, AJpegHasABoundedNumberOfSegmentsBeforeItsPixels) {
  const auto with_comments = [](int before, int behind) {
    const std::string comment = "\xFF\xFE\x00\x03 "s;
    std::string jpeg = "\xFF\xD8"s;
    for (int i = 0; i < before; ++i) jpeg += comment;
    jpeg += "\xFF\xDA\x00\x02 "s;
    for (int i = 0; i < behind; ++i) jpeg += comment;
    return jpeg + "\xFF\xD9"s;
  };
  EXPECT_TRUE(has_sound_header(with_comments(1000, 1000), FileType::kJpeg));
  EXPECT_FALSE(has_sound_header(with_comments(1001, 0), FileType::kJpeg));
  EXPECT_TRUE(is_sound(with_comments(1001, 0), FileType::kJpeg, kMaxScans));
}

TEST(Structure, TheChunksBeforeAPngsPixelsLieInsideTheFile) {
  const std::string png(picture_as(FileType::kPng, 40, 30).view());
  const std::size_t pixels = png.find("IDAT") - 4;
  const std::string huge = "\x7F\xFF\xFF\xFFtEXtComment"s;
  EXPECT_TRUE(has_sound_header(png, FileType::kPng));
  EXPECT_FALSE(has_sound_header(std::string(png).insert(pixels, huge), FileType::kPng));
  EXPECT_FALSE(has_sound_header(png.substr(0, pixels) + huge, FileType::kPng));
  EXPECT_TRUE(has_sound_header(png.substr(0, pixels + 20), FileType::kPng)) << "within the pixels";
  EXPECT_TRUE(has_sound_header(png + huge, FileType::kPng)) << "behind the end";
}

TEST(Structure, WebpIsLeftToItsLoader) {
  EXPECT_TRUE(is_sound("RIFF", FileType::kWebp, kMaxScans));
}

// SOF0 of three components, and a scan of so many of them.
std::string jpeg_with_scan_of(char components) {
  const std::string frame =
      "\xFF\xC0\x00\x11\x08\x00\x08\x00\x08\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"s;
  return "\xFF\xD8\xFF\xE0\x00\x04xx"s + frame + "\xFF\xDA\x00\x0C"s + components;
}

TEST(Structure, AJpegIsHeldWholeWhereItsFirstScanTellsAPart) {
  const auto is_held = row_of(FileType::kJpeg).is_held_whole;
  EXPECT_FALSE(is_held(jpeg_with_scan_of('\3')));
  EXPECT_TRUE(is_held(jpeg_with_scan_of('\1')));
  EXPECT_TRUE(is_held("\xFF\xD8\xFF\xC2\x00\x11\x08"s));
  EXPECT_TRUE(is_held("\xFF\xD8\xFF\xCA\x00\x11\x08"s));
  const std::string whole = jpeg_with_scan_of('\3');
  for (std::size_t size = 3; size < whole.size(); ++size)
    EXPECT_FALSE(is_held(whole.substr(0, size))) << size;
}

TEST(Structure, APngIsHeldWholeWhereItIsInterlaced) {
  const auto is_held = row_of(FileType::kPng).is_held_whole;
  std::string png(encoded(photo(8, 8), Format::kPng).view());
  constexpr std::size_t kMethod = 28;  // signature, length, name, and 12 bytes of IHDR
  EXPECT_FALSE(is_held(png));
  png[kMethod] = '\1';
  EXPECT_TRUE(is_held(png));
  EXPECT_FALSE(is_held(png.substr(0, kMethod)));
}

}  // namespace
}  // namespace imageserver
