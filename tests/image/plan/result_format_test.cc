#include "image/plan/result_format.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

constexpr std::int64_t kAvifPixels = 2'000'000;

Header header_of(FileType type, bool alpha = false) {
  return {.type = type, .stored = {40, 30}, .alpha = alpha};
}

Format format_for(const Header& header, const TransformSpec& spec, int frames = 1) {
  const Layout layout = lay_out(spec, whole_of(header.stored), {});
  return result_format(header, {0, frames}, layout, spec, kAvifPixels);
}

bool passes(FileType type, const TransformSpec& spec) {
  return passes_through(header_of(type), {}, spec, kAvifPixels);
}

TEST(ResultFormatTest, WithNothingAskedItIsTheFilesOwn) {
  EXPECT_EQ(format_for(header_of(FileType::kJpeg), {}), Format::kJpeg);
  EXPECT_EQ(format_for(header_of(FileType::kBmp), {}), Format::kBmp);
}

TEST(ResultFormatTest, WhatMayBeTransparentIsPngUnlessItsBackgroundIsOpaque) {
  TransformSpec radius;
  radius.radius = 4;
  TransformSpec rotation;
  rotation.rotation = 30;
  TransformSpec pad;
  pad.width = 60;
  pad.height = 60;
  pad.mode = Mode::kPad;
  const Header opaque = header_of(FileType::kHeic);
  EXPECT_EQ(format_for(opaque, {}), Format::kJpeg);
  EXPECT_EQ(format_for(header_of(FileType::kHeic, true), {}), Format::kPng);
  for (TransformSpec spec : {radius, rotation, pad}) {
    EXPECT_EQ(format_for(opaque, spec), Format::kPng);
    spec.background = Colour{1, 2, 3, 100};
    EXPECT_EQ(format_for(opaque, spec), Format::kPng);
    spec.background = Colour{1, 2, 3, 255};
    EXPECT_EQ(format_for(opaque, spec), Format::kJpeg);
  }
}

TEST(ResultFormatTest, AnAnimationMovesOnlyIfMoreThanOneFrameIsRead) {
  TransformSpec spec;
  spec.auto_format = AutoFormat{};
  EXPECT_EQ(format_for(header_of(FileType::kGif), spec, 2), Format::kGif);
  EXPECT_EQ(format_for(header_of(FileType::kGif), spec, 1), Format::kJpeg);
}

TEST(ResultFormatTest, AFileOfWhichNothingIsAskedPassesThrough) {
  EXPECT_TRUE(passes(FileType::kJpeg, {}));
  EXPECT_TRUE(passes(FileType::kAvif, {}));
  EXPECT_FALSE(passes(FileType::kHeic, {})) << "results are never HEIC";
  EXPECT_FALSE(passes(FileType::kSvg, {}));
}

TEST(ResultFormatTest, AFilePassesThroughInItsOwnFormatAlone) {
  TransformSpec spec;
  spec.format = Format::kJpeg;
  EXPECT_TRUE(passes(FileType::kJpeg, spec));
  EXPECT_FALSE(passes(FileType::kPng, spec));
  spec.format = Format::kPng;
  EXPECT_FALSE(passes(FileType::kJpeg, spec));
  EXPECT_TRUE(passes(FileType::kPng, spec));
  spec.quality = 50;
  EXPECT_FALSE(passes(FileType::kPng, spec)) << "something is asked for";
  TransformSpec automatic;
  automatic.auto_format = AutoFormat{};
  EXPECT_TRUE(passes(FileType::kJpeg, automatic));
  automatic.auto_format->webp = true;
  EXPECT_FALSE(passes(FileType::kJpeg, automatic));
  EXPECT_TRUE(passes(FileType::kWebp, automatic));
}

}  // namespace
}  // namespace imageserver
