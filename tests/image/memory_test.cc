// How much memory a picture is said to take.

#include "image/memory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "support/pictures.h"

namespace imageserver {
namespace {

constexpr std::int64_t kMega = 1'000'000;

// All but pixels.
constexpr std::int64_t kRest = 24 << 20;

Original original(FileType type, Size size, Pages pages = {}) {
  Original all{};
  all.header.type = type;
  all.header.stored = size;
  all.pages = pages;
  return all;
}

std::int64_t memory(const Original& from, const TransformSpec& spec, Format format = Format::kJpeg,
                    Way way = Way::kLibvips, double scale = 1) {
  const Layout layout = lay_out(spec, whole_of(from.header.stored), {});
  return rendering_memory(from, scale, layout, spec, format, way) - kRest;
}

class MemoryTest : public TransformTest {};

TEST_F(MemoryTest, ADecoderThatGoesFromRowToRowHoldsNothing) {
  Original jpeg = original(FileType::kJpeg, {1000, 1000});
  const std::int64_t rows = memory(jpeg, sized(100, 100));
  EXPECT_LT(rows, kMega);
  jpeg.bytes = encoded(photo(8, 8), Format::kJpeg);
  EXPECT_EQ(memory(jpeg, sized(100, 100)), rows);
  TransformSpec progressive = as(Format::kJpeg);
  progressive.progressive = true;
  jpeg.bytes = make(encoded(photo(8, 8), Format::kPng), progressive)->data;
  EXPECT_EQ(memory(jpeg, sized(100, 100)), rows + 8 * kMega);
}

TEST_F(MemoryTest, InterlacedPngIsHeldWhole) {
  Original png = original(FileType::kPng, {1000, 1000});
  png.bytes = encoded(photo(8, 8), Format::kPng);
  const std::int64_t rows = memory(png, sized(100, 100));
  TransformSpec interlaced = as(Format::kPng);
  interlaced.progressive = true;
  png.bytes = make(png.bytes, interlaced)->data;
  EXPECT_EQ(memory(png, sized(100, 100)), rows + 8 * kMega);
}

TEST_F(MemoryTest, EachFormatHasItsOwn) {
  for (const FormatRow& row : format_rows()) {
    EXPECT_GT(row.decode_memory, 0) << row.name;
    if (!row.result) continue;
    EXPECT_GT(row.result->encode_memory, 0) << row.name;
    EXPECT_EQ(row.result->lossless_memory > row.result->encode_memory, row.result->lossless)
        << row.name;
  }
}

TEST_F(MemoryTest, TheCanvasThatSurroundsThePictureCounts) {
  TransformSpec padded = sized(2000, 1000, Mode::kPad);
  const Original from = original(FileType::kJpeg, {1000, 1000});
  EXPECT_GT(memory(from, padded), memory(from, sized(1000, 1000)) + 8 * kMega);
}

TEST_F(MemoryTest, WhatIsReadTwiceIsHeld) {
  const Original from = original(FileType::kJpeg, {2000, 2000});
  const std::int64_t usual = memory(from, sized(100, 100));
  TransformSpec rotated = sized(100, 100);
  rotated.rotation = 10;
  EXPECT_GT(memory(from, rotated), usual + 2 * 4 * kMega);
  TransformSpec trimmed = sized(100, 100);
  trimmed.trim = 1;
  EXPECT_EQ(memory(from, trimmed), usual + 4 * 4 * kMega);
  EXPECT_EQ(trimming_memory(from), kRest + 4 * 4 * kMega);
  TransformSpec nearest = sized(100, 100);
  nearest.resampling = Resampling::kNearestNeighbor;
  EXPECT_EQ(memory(from, nearest), usual + 4 * 4 * kMega);
}

TEST_F(MemoryTest, AWatermarkCounts) {
  Original mark = original(FileType::kPng, {1000, 1000});
  mark.bytes = encoded(photo(8, 8), Format::kPng);
  EXPECT_EQ(watermark_memory(mark), 4 * kMega);
}

TEST_F(MemoryTest, FramesAreKeptUntilTheLastIsDone) {
  const Size size{500, 400};
  const auto of = [&](int frames) {
    return memory(original(FileType::kGif, size, {0, frames}), {}, Format::kGif);
  };
  EXPECT_EQ(of(11) - of(10), 4 * area(size));
}

TEST_F(MemoryTest, AlphaIsEncodedWithoutLoss) {
  Original from = original(FileType::kPng, {1000, 1000});
  const std::int64_t opaque = memory(from, {}, Format::kWebp);
  from.header.alpha = true;
  EXPECT_EQ(memory(from, {}, Format::kWebp), opaque + (48 - 12) * kMega);
  EXPECT_EQ(memory(from, {}, Format::kJpeg), memory(original(FileType::kPng, {1000, 1000}), {}));
}

TEST_F(MemoryTest, TheDirectWayHoldsPlanes) {
  const Original from = original(FileType::kJpeg, {2000, 2000});
  const TransformSpec spec = sized(1000, 1000);
  EXPECT_EQ(memory(from, spec, Format::kJpeg, Way::kDirect, 0.5), 2 * 3 * kMega + 8 * kMega);
}

TEST_F(MemoryTest, ADrawingIsHeldAsItIsDrawn) {
  const Original from = original(FileType::kSvg, {100, 100});
  EXPECT_EQ(memory(from, {}, Format::kBmp, Way::kLibvips, 10) - memory(from, {}, Format::kBmp),
            99 * 24 * 10'000);
}

}  // namespace
}  // namespace imageserver
