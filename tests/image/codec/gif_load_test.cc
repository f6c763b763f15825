#include "image/codec/gif_load.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/gif_writer.h"
#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;
using Values = std::vector<double>;

const Values kNothing = {0, 0, 0, 0};
const Values kRed = {255, 0, 0, 255};
const Values kGreen = {0, 255, 0, 255};
const Values kBlue = {0, 0, 255, 255};

Values seen(const VImage& roll, int frames, int frame, int x, int y) {
  Values pixel = roll.getpoint(x, frame * roll.height() / frames + y);
  if (pixel.size() == 3) pixel.push_back(255);
  return pixel;
}

VImage loaded(const Bytes& file, int count) {
  return load_gif(file.view(), {0, count}, 1).copy_memory();
}

TEST(GifLoad, ComposesAsLibvipsWhereBrowsersDoSo) {
  for (const std::string name : {"animated.gif", "disposal.gif", "frames250.gif"}) {
    const Bytes file = read_testdata(name);
    const VImage reference = decoded(file, Format::kGif);
    const int frames = load_gif_header(file.view()).pages;
    const VImage roll = loaded(file, frames);
    ASSERT_EQ(roll.height(), reference.height()) << name;
    EXPECT_EQ(looks_apart(roll, reference).most, 0) << name;
    EXPECT_EQ(roll.get_array_int("delay"), reference.get_array_int("delay")) << name;
    EXPECT_EQ(roll.get_int("loop"), reference.get_int("loop")) << name;
  }
}

// Of both programs that named it: the same extension, and 5 times more.
TEST(GifLoad, RepeatsAsOftenAsAnyOfTheTwoExtensionsSays) {
  GifWriter gif(2, 2);
  gif.repeat(2, 1);
  const std::string file(gif.bytes().view());
  for (const std::string name : {"NETSCAPE2.0", "ANIMEXTS1.0", "SOMEBODY1.0"}) {
    std::string named = file;
    named.replace(named.find("NETSCAPE2.0"), name.size(), name);
    const int loop = load_gif(named, {0, 2}, 1).get_int("loop");
    EXPECT_EQ(loop == 6, name != "SOMEBODY1.0") << name << " " << loop;
  }
}

TEST(GifLoad, UnpacksWhatOthersPacked) {
  for (const int side : {1, 3, 64, 257}) {
    const VImage picture = photo(side, side);
    for (const bool interlaced : {false, true}) {
      const Bytes file =
          to_bytes(picture.gifsave_buffer(VImage::option()->set("interlace", interlaced)));
      EXPECT_EQ(looks_apart(loaded(file, 1), decoded(file, Format::kGif)).most, 0) << side;
    }
  }
}

TEST(GifLoad, ReadsAnyPartInAnyOrder) {
  GifWriter gif(9, 7);
  for (int i = 0; i < 6; ++i)
    gif.frame({.left = i, .width = 3, .height = 7, .colour = 1 + i % 3, .disposal = 1 + i % 3});
  const Bytes file = gif.bytes();
  const VImage all = loaded(file, 6);
  for (const int first : {5, 0, 3, 2}) {
    const VImage lazy = load_gif(file.view(), {first, 6 - first}, 1);
    for (int frame = 5 - first; frame >= 0; --frame) {
      const VImage part = lazy.extract_area(0, frame * 7, 9, 7).copy_memory();
      const VImage same = all.extract_area(0, (first + frame) * 7, 9, 7);
      EXPECT_EQ(looks_apart(part, same).most, 0) << first << " " << frame;
    }
  }
}

TEST(GifLoad, BringsBackWhatWasThereBefore) {
  GifWriter gif(8, 8);
  gif.frame({.width = 8, .height = 8, .colour = 1});
  gif.frame({.left = 2, .top = 2, .width = 4, .height = 4, .colour = 2, .disposal = 3});
  gif.frame({.left = 6, .top = 6, .width = 9, .height = 9, .colour = 3, .disposal = 4});
  gif.frame({.width = 1, .height = 1, .colour = 2});
  const VImage roll = loaded(gif.bytes(), 4);
  EXPECT_EQ(seen(roll, 4, 1, 3, 3), kGreen);
  EXPECT_EQ(seen(roll, 4, 2, 3, 3), kRed);
  EXPECT_EQ(seen(roll, 4, 2, 7, 7), kBlue);
  EXPECT_EQ(seen(roll, 4, 3, 7, 7), kRed);
}

TEST(GifLoad, AFirstFrameThatIsBroughtBackLeavesNothing) {
  GifWriter gif(8, 8);
  gif.frame({.width = 8, .height = 8, .colour = 1, .disposal = 3, .transparent = false});
  gif.frame({.width = 2, .height = 2, .colour = 2, .transparent = false});
  const VImage roll = loaded(gif.bytes(), 2);
  EXPECT_EQ(seen(roll, 2, 1, 1, 1), kGreen);
  EXPECT_EQ(seen(roll, 2, 1, 5, 5), kNothing);
}

TEST(GifLoad, PutsInterlacedRowsInTheirPlaces) {
  GifWriter gif(3, 11);
  // Rows 0 8 | 4 | 2 6 10 | 1 3 5 7 9.
  gif.frame(
      {.width = 3, .height = 11, .rows = {1, 2, 3, 1, 2, 3, 1, 1, 1, 2, 2}, .interlaced = true});
  const VImage image = loaded(gif.bytes(), 1);
  const std::vector<Values> expected = {kRed,   kRed,   kRed,   kRed,   kBlue, kRed,
                                        kGreen, kGreen, kGreen, kGreen, kBlue};
  for (std::size_t y = 0; y < expected.size(); ++y)
    EXPECT_EQ(seen(image, 1, 0, 1, static_cast<int>(y)), expected[y]) << y;
}

TEST(GifLoad, AFrameHasItsOwnPaletteAndTransparency) {
  const std::string own("\x10\x20\x30\0\0\xFF\xFF\0\0\0\xFF\0", 12);
  GifWriter gif(4, 4);
  gif.frame({.width = 4, .height = 4, .colour = 1, .transparent = false});
  gif.frame({.width = 2, .height = 4, .colour = 1, .palette = own});
  gif.frame({.left = 1, .width = 2, .height = 2, .rows = {0, 2}, .palette = own});
  gif.frame({.left = 3, .width = 1, .height = 1, .transparent = false, .palette = own});
  const VImage roll = loaded(gif.bytes(), 4);
  EXPECT_EQ(roll.bands(), 3);
  EXPECT_EQ(seen(roll, 4, 1, 1, 0), kBlue);
  EXPECT_EQ(seen(roll, 4, 2, 1, 0), kBlue) << "colour 0 is seen through";
  EXPECT_EQ(seen(roll, 4, 2, 1, 1), kRed);
  EXPECT_EQ(seen(roll, 4, 3, 3, 0), (Values{16, 32, 48, 255})) << "here it is a colour";
}

TEST(GifLoad, HasAlphaWhereSomethingMayBeSeenThrough) {
  const auto alpha = [](const std::vector<GifWriter::Frame>& frames) {
    GifWriter gif(4, 4);
    for (const GifWriter::Frame& frame : frames) gif.frame(frame);
    const Bytes file = gif.bytes();
    const bool said = load_gif_header(file.view()).alpha;
    EXPECT_EQ(loaded(file, static_cast<int>(frames.size())).has_alpha(), said);
    return said;
  };
  const GifWriter::Frame whole{.width = 4, .height = 4, .transparent = false};
  GifWriter::Frame seen_through = whole;
  seen_through.transparent = true;
  GifWriter::Frame cleared = whole;
  cleared.disposal = 2;
  GifWriter::Frame brought_back = whole;
  brought_back.disposal = 3;
  GifWriter::Frame part = whole;
  part.width = 3;
  EXPECT_FALSE(alpha({whole}));
  EXPECT_FALSE(alpha({cleared})) << "nobody sees it cleared";
  EXPECT_TRUE(alpha({seen_through}));
  EXPECT_TRUE(alpha({part}));
  EXPECT_FALSE(alpha({whole, seen_through, part, brought_back, whole}));
  EXPECT_TRUE(alpha({whole, cleared, whole}));
  EXPECT_TRUE(alpha({brought_back, whole}));
}

TEST(GifLoad, TheScreenHoldsTheFirstFrameAndCutsTheOthers) {
  GifWriter gif(4, 4);
  gif.frame({.left = 3, .top = 1, .width = 4, .height = 2, .colour = 1});
  gif.frame({.left = 5, .top = 3, .width = 40, .height = 30, .colour = 2});
  gif.frame({.left = 65535, .top = 65535, .width = 9, .height = 9, .colour = 3});
  const Header header = load_gif_header(gif.bytes().view());
  EXPECT_EQ(header.stored, (Size{7, 4}));
  EXPECT_EQ(header.pages, 3);
  const VImage roll = loaded(gif.bytes(), 3);
  EXPECT_EQ(seen(roll, 3, 0, 6, 2), kRed);
  EXPECT_EQ(seen(roll, 3, 1, 6, 3), kGreen);
  EXPECT_EQ(seen(roll, 3, 2, 6, 3), kGreen);
}

TEST(GifLoad, AFrameThatEndsEarlyIsDamaged) {
  GifWriter gif(30, 30);
  gif.frame({.width = 30, .height = 30, .colour = 1});
  const std::string file(gif.without_trailer().view());
  for (const std::size_t size : {file.size() - 9, file.size() - 200, file.size() - 330}) {
    const Bytes cut = Bytes::copy(file.substr(0, size));
    EXPECT_THROW(static_cast<void>(loaded(cut, 1)), vips::VError) << size;
  }
  EXPECT_NO_THROW(static_cast<void>(loaded(Bytes::copy(file), 1))) << "all pixels are there";
}

// An end code, and not the end of the file, comes too early. Browsers show the rest transparent.
TEST(GifLoad, WhatTheFirstFrameEndsBeforeIsTransparent) {
  GifWriter gif(4, 4);
  gif.frame({.width = 4, .height = 4, .colour = 1, .missing = 2, .transparent = false});
  gif.frame({.width = 4, .height = 4, .colour = 2, .missing = 1, .transparent = false});
  const VImage roll = loaded(gif.bytes(), 2);
  EXPECT_EQ(roll.bands(), 4);
  EXPECT_EQ(seen(roll, 2, 0, 1, 1), kRed);
  EXPECT_EQ(seen(roll, 2, 0, 1, 2), kNothing);
  EXPECT_EQ(seen(roll, 2, 1, 1, 2), kGreen);
  EXPECT_EQ(seen(roll, 2, 1, 1, 3), kNothing);
  const VImage second = load_gif(gif.bytes().view(), {1, 1}, 1).copy_memory();
  EXPECT_EQ(seen(second, 1, 0, 1, 3), kNothing);
}

TEST(GifLoad, HiddenPixelsAreBounded) {
  const std::string frame = std::string(",\0\0\0\0\xFF\xFF\xFF\xFF\x40\2\2\x4C\1\0", 15);
  const std::string screen("GIF89a\1\0\1\0\0\0\0", 13);
  const std::string first(",\0\0\0\0\1\0\1\0\0\2\2\x4C\1\0", 15);
  const Bytes file = Bytes::copy(screen + first + frame);
  EXPECT_NO_THROW(static_cast<void>(loaded(file, 1)));
  EXPECT_THROW(static_cast<void>(loaded(file, 2)), vips::VError);
}

TEST(GifLoad, WithoutAPictureThereIsNoHeader) {
  for (const std::string& file : {std::string("GIF89a"), std::string("GIF89a\4\0\4\0\0\0\0;", 14),
                                  std::string("GIF89a\4\0\4\0\0\0\0,\0\0", 16)}) {
    EXPECT_THROW(static_cast<void>(load_gif_header(file)), vips::VError);
  }
}

}  // namespace
}  // namespace imageserver
