#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>
#include <string>

#include "formats/inflated_size.h"
#include "formats/png_chunks.h"
#include "formats/structure.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;

std::string deflated(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string bytes(size, '\0');
  compress2(reinterpret_cast<Bytef*>(bytes.data()), &size,
            reinterpret_cast<const Bytef*>(text.data()), text.size(), 1);
  bytes.resize(size);
  return bytes;
}

std::string u32(std::size_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  return u32(data.size()) + type + data + u32(crc_32(type + data));
}

std::string ztxt(const std::string& text) { return chunk("zTXt", "Comment\0\0"s + deflated(text)); }

std::string itxt(const std::string& text) {
  return chunk("iTXt", "Comment\0\1\0en\0Kommentar\0"s + deflated(text));
}

// A picture with chunks before its pixels, and behind them.
std::string png_with(const std::string& before, const std::string& behind = {}) {
  std::string png(encoded(photo(20, 10), Format::kPng).view());
  png.insert(png.find("IDAT") - 4, before);
  return png.insert(png.size() - 12, behind);
}

// As if it were written by a person: such text deflates to a third.
std::string prose(std::size_t size) {
  std::string text;
  for (unsigned word = 1; text.size() < size; word = word * 75 % 65537)
    text += std::to_string(word) + ' ';
  return text;
}

TEST(PngText, TextOfSeveralHundredKibibytesStays) {
  for (const std::string& text : {ztxt(prose(400'000)), itxt(prose(400'000))}) {
    ASSERT_GT(text.size(), 70'000U);
    const std::string png = png_with(text, text);
    EXPECT_FALSE(readable(png, FileType::kPng).has_value());
    EXPECT_TRUE(has_sound_header(png, FileType::kPng));
  }
}

TEST(PngText, WhatInflatesToMoreThanTheLimitIsLeftOut) {
  const std::string most = ztxt(std::string(kMostPngText, 'x'));
  const std::string more = ztxt(std::string(kMostPngText + 1, 'x'));
  const std::string plain = png_with({});
  EXPECT_FALSE(readable(png_with(most), FileType::kPng).has_value());
  EXPECT_EQ(readable(png_with(more), FileType::kPng)->view(), plain);
  EXPECT_EQ(readable(png_with(itxt(std::string(kMostPngText + 1, 'x'))), FileType::kPng)->view(),
            plain);
  EXPECT_EQ(readable(png_with(most, ztxt("a")), FileType::kPng)->view(), png_with(most))
      << "the limit is that of all text";
  EXPECT_EQ(readable(png_with(more, more), FileType::kPng)->view(), plain);
}

TEST(PngText, OfManyTextsTheFirstThousandStay) {
  std::string thousand;
  for (int i = 0; i < 1000; ++i) thousand += ztxt("a");
  EXPECT_FALSE(readable(png_with(thousand), FileType::kPng).has_value());
  EXPECT_EQ(readable(png_with(thousand + itxt("a"), ztxt("a")), FileType::kPng)->view(),
            png_with(thousand));
}

TEST(PngText, AHugeTextTakesLittleTime) {
  std::string bombs;
  const std::string bomb = ztxt(std::string(30'000'000, 'x'));
  while (bombs.size() + bomb.size() < (10U << 20U)) bombs += bomb;
  const std::string png = png_with(bombs);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(readable(png, FileType::kPng)->view(), png_with({}));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

TEST(PngText, DamagedTextIsLeftToLibpng) {
  for (const std::string& data :
       {""s, "Comment"s, "Comment\0"s, "Comment\0\0"s, "Comment\0\0garbage"s}) {
    EXPECT_FALSE(readable(png_with(chunk("zTXt", data)), FileType::kPng).has_value());
    EXPECT_FALSE(readable(png_with(chunk("iTXt", data)), FileType::kPng).has_value());
  }
}

TEST(PngText, AnInflatedSizeIsCountedUpToTheLimit) {
  EXPECT_EQ(inflated_size(deflated("hello"), 5), 5U);
  EXPECT_EQ(inflated_size(deflated("hello"), 4), std::nullopt);
  // By one byte more than is inflated at a time.
  const std::string long_text(16 * 1024 + 1, 'x');
  EXPECT_EQ(inflated_size(deflated(long_text), long_text.size()), long_text.size());
  EXPECT_EQ(inflated_size(deflated(long_text), long_text.size() - 1), std::nullopt);
  EXPECT_EQ(inflated_size("garbage", 10), 0U);
  EXPECT_EQ(inflated_size({}, 10), 0U);
}

}  // namespace
}  // namespace imageserver
