// Files that are wrong at their end, or beside their pixels, and whose pixels are all there; and
// files whose pixels are not.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "image/describe.h"
#include "support/pictures.h"
#include "support/tiff_writer.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;
using vips::VImage;

const Error kDamaged{ErrorKind::kUnprocessable, "the picture is damaged or incomplete"};

class LostEndTest : public TransformTest {
 protected:
  static std::string file(const VImage& picture, Format format) {
    return std::string(encoded(picture, format).view());
  }

  static std::string jpeg(const VImage& picture, bool progressive) {
    return std::string(
        to_bytes(picture.jpegsave_buffer(VImage::option()->set("interlace", progressive))).view());
  }

  static std::string without_last(const std::string& bytes, std::size_t count) {
    return bytes.substr(0, bytes.size() - count);
  }

  // Ways by which all, some or few pixels are looked at.
  static std::vector<TransformSpec> ways() {
    std::vector<TransformSpec> ways = {sized(0, 0), sized(7, 0), sized(20, 20, Mode::kFill),
                                       sized(300, 0), sized(30, 0)};
    ways[0].flip.horizontal = true;
    ways[3].rotation = 30;
    ways[4].crop = CropBox{0, 0, 20, 4};
    for (TransformSpec& way : ways) way.format = Format::kPng;
    ways.push_back(sized(9, 0));
    ways.back().format = Format::kJpeg;
    return ways;
  }

  static void expect_same(const std::string& lost, const std::string& whole) {
    for (const TransformSpec& way : ways()) {
      const ImagePtr image = make(Bytes::copy(lost), way);
      ASSERT_NE(image, nullptr);
      // A file without its end is decoded at its own size, and another may be decoded smaller.
      EXPECT_LT(distance(decoded(*image), decoded(*make(Bytes::copy(whole), way))), 4)
          << way.width << "x" << way.height;
    }
    EXPECT_TRUE(describe(Bytes::copy(lost), {}, {}).has_value());
  }

  static void expect_damaged(const std::string& bytes) {
    for (const TransformSpec& way : ways()) EXPECT_EQ(error_of(Bytes::copy(bytes), way), kDamaged);
    EXPECT_FALSE(describe(Bytes::copy(bytes), {}, {}).has_value());
  }
};

TEST_F(LostEndTest, APngNeedsNoIend) {
  const std::string png = file(photo(61, 43), Format::kPng);
  expect_same(without_last(png, 4), png);
  expect_same(without_last(png, 8), png);
  expect_same(without_last(png, 12), png);
  expect_same(without_last(png, 16), png);
  for (const std::size_t lost : {40U, 400U, 2000U}) expect_damaged(without_last(png, lost));
}

TEST_F(LostEndTest, APngOfManyChunksEndsWhereItsPixelsEnd) {
  const std::string png = file(photo(300, 200), Format::kPng);
  ASSERT_GT(png.size(), 20'000U);
  const std::size_t second = png.find("IDAT", png.find("IDAT") + 4) - 4;
  ASSERT_LT(second, png.size());
  expect_damaged(png.substr(0, second));
}

TEST_F(LostEndTest, AGifNeedsNoTrailer) {
  const std::string gif = file(photo(61, 43), Format::kGif);
  expect_same(without_last(gif, 1), gif);
  expect_same(without_last(gif, 2), gif);
  for (const std::size_t lost : {3U, 40U, 400U}) expect_damaged(without_last(gif, lost));
}

TEST_F(LostEndTest, AnAnimationHasTheFramesThatAreWhole) {
  const VImage frames =
      roll({photo(40, 30), photo(40, 30).invert(), plain(40, 30, {9, 9, 200})}, {100, 200, 300}, 0);
  const std::string gif = file(frames, Format::kGif);
  expect_same(without_last(gif, 1), gif);
  const ImagePtr image = make(Bytes::copy(without_last(gif, 1)), as(Format::kWebp));
  ASSERT_NE(image, nullptr);
  EXPECT_EQ(image->frames.read, 3U);
  expect_damaged(without_last(gif, 20));
}

TEST_F(LostEndTest, AJpegNeedsNoEndOfImage) {
  for (const bool progressive : {false, true}) {
    const std::string whole = jpeg(photo(101, 67), progressive);
    expect_same(without_last(whole, 1), whole);
    expect_same(without_last(whole, 2), whole);
    expect_same(without_last(whole, 2) + std::string(100, '\0'), whole);
    for (const std::size_t lost : {5U, 20U, 300U}) {
      expect_damaged(without_last(whole, lost));
      expect_damaged(without_last(whole, lost) + std::string(100, '\0'));
    }
  }
}

TEST_F(LostEndTest, AProgressiveJpegHasAllItsScans) {
  const std::string whole = jpeg(photo(101, 67), true);
  for (std::size_t scan = whole.find("\xFF\xDA"s); scan != std::string::npos;
       scan = whole.find("\xFF\xDA"s, scan + 2)) {
    expect_damaged(whole.substr(0, scan));
  }
}

TEST_F(LostEndTest, AJpegOfOneComponentNeedsNoEndEither) {
  const std::string grey = jpeg(photo(50, 40).colourspace(VIPS_INTERPRETATION_B_W), false);
  expect_same(without_last(grey, 2), grey);
  expect_damaged(without_last(grey, 9));
}

TEST_F(LostEndTest, WhatFollowsTheEndDoesNotCount) {
  for (const Format format : kFormats) {
    const std::string whole = file(photo(61, 43), format);
    for (const std::string& more : {"\0"s, "x"s, std::string(999, 'x'), std::string(999, '\0')})
      expect_same(whole + more, whole);
  }
}

// As Chromium, Pillow and libwebp's own programs have it.
TEST_F(LostEndTest, AWebpOfAWrongLengthIsDamaged) {
  const std::string webp = file(photo(61, 43), Format::kWebp);
  for (const int wrong : {-2, -1, 1, 2, 100}) {
    std::string other = webp;
    const std::size_t size = webp.size() - 8 + static_cast<std::size_t>(wrong);
    for (std::size_t i = 0; i < 4; ++i) other[4 + i] = static_cast<char>(size >> (8 * i));
    expect_damaged(other);
  }
  expect_damaged(without_last(webp, 1));
}

// Neither size of a bitmap's file is believed by anybody.
TEST_F(LostEndTest, ABitmapMayBeWrongInItsLength) {
  const std::string bmp = file(photo(61, 43), Format::kBmp);
  for (const std::uint32_t wrong : {0U, 99U, 0xFFFFFFFFU}) {
    std::string other = bmp;
    for (const std::size_t place : {2U, 34U}) {
      for (std::size_t i = 0; i < 4; ++i) other[place + i] = static_cast<char>(wrong >> (8 * i));
    }
    expect_same(other, bmp);
  }
}

TEST_F(LostEndTest, ATiffMayEndItsChainBadly) {
  const std::string one = file(photo(61, 43), Format::kTiff);
  const std::size_t directory = static_cast<unsigned char>(one[4]) +
                                (static_cast<unsigned char>(one[5]) << 8U) +
                                (static_cast<unsigned char>(one[6]) << 16U);
  const std::size_t entries = static_cast<unsigned char>(one[directory]);
  const std::size_t link = directory + 2 + entries * 12;
  // Beyond the end, the last byte, pixels, itself, the first byte.
  for (const std::size_t wrong : {one.size() + 5, one.size() - 1, std::size_t{20}, directory,
                                  std::size_t{0xFFFFFFFF}, std::size_t{1}}) {
    std::string other = one;
    for (std::size_t i = 0; i < 4; ++i) other[link + i] = static_cast<char>(wrong >> (8 * i));
    expect_same(other, one);
    TransformSpec second = as(Format::kPng);
    second.page = 1;
    EXPECT_EQ(error_of(Bytes::copy(other), second).kind, ErrorKind::kInvalidParam);
  }
}

TEST_F(LostEndTest, ATiffMayLackItsLastLink) {
  for (const bool big : {false, true}) {
    const std::string tiff = write_tiff(
        {{.size = {4, 3},
          .tags = {shorts(258, {8}), shorts(259, {1}), shorts(262, {1}), shorts(277, {1})},
          .blocks = {"abcdefghijkl"},
          .big = big}});
    const std::size_t link = tiff.size() - last_link(tiff, big);
    for (std::size_t lost = 1; lost <= link; ++lost) expect_same(without_last(tiff, lost), tiff);
    expect_damaged(without_last(tiff, link + 1));
  }
}

TEST_F(LostEndTest, ATiffWhoseStripsLieBeyondTheEndIsDamaged) {
  TiffFile page{.size = {30, 20},
                .tags = {shorts(258, {8}), shorts(259, {1}), shorts(262, {1}), shorts(277, {1})},
                .blocks = {std::string(600, 'x')}};
  const std::string whole = write_tiff({page});
  EXPECT_TRUE(transform(Bytes::copy(whole), as(Format::kPng), {}).has_value());
  page.blocks.front().resize(100);
  EXPECT_EQ(error_of(Bytes::own(write_tiff({page})), as(Format::kPng)), kDamaged);
}

TEST_F(LostEndTest, TheFileItselfIsServedAsItIs) {
  const std::string png = without_last(file(photo(61, 43), Format::kPng), 12);
  EXPECT_EQ(make(Bytes::copy(png), {})->data.view(), png);
}

TEST_F(LostEndTest, AWatermarkNeedsNoEndEither) {
  const std::string mark = file(plain(9, 9, {1, 2, 200}), Format::kPng);
  TransformSpec spec = as(Format::kPng);
  spec.watermark.emplace();
  spec.watermark->name = "mark.png";
  const Bytes picture = encoded(photo(60, 40), Format::kPng);
  EXPECT_EQ(make(picture, spec, {}, Bytes::copy(without_last(mark, 12)))->data.view(),
            make(picture, spec, {}, Bytes::copy(mark))->data.view());
}

}  // namespace
}  // namespace imageserver
