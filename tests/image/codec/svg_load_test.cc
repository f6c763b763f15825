#include "image/codec/svg_load.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/pictures.h"

namespace imageserver {
namespace {

using vips::VImage;

// The left half of what a `viewBox` of 64 by 32 shows is red.
std::string drawing(const std::string& attributes) {
  return R"(<svg xmlns="http://www.w3.org/2000/svg" )" + attributes +
         R"(><rect width="32" height="32" fill="red"/></svg>)";
}

RealSize natural(const std::string& attributes) {
  return load_svg_header(drawing(attributes)).natural.value_or(RealSize{});
}

void expect_near(const RealSize& size, const RealSize& right, const std::string& attributes) {
  EXPECT_NEAR(size.width, right.width, 0.01) << attributes;
  EXPECT_NEAR(size.height, right.height, 0.01) << attributes;
}

// By CSS Values 4 (an inch is 96 pixels, and an em of the root 16) and SVG 2, 7.2 and 8.2.
TEST(SvgLoad, SizesAreThoseOfCss) {
  const std::vector<std::pair<std::string, RealSize>> sizes = {
      {R"(width="40.4" height="20.6")", {40.4, 20.6}},
      {R"(width="50mm" height="2.5cm")", {188.976, 94.488}},
      {R"(width="0.5in" height="36pt")", {48, 48}},
      {R"(width="4em" height="2pc")", {64, 32}},
      {R"(viewBox="0 0 64 32")", {64, 32}},
      {R"(width="96" viewBox="0 0 64 32")", {96, 48}},
      {R"(height="96" viewBox="0 0 64 32")", {192, 96}},
      {R"(width="100%" height="100%" viewBox="0 0 64 32")", {64, 32}},
      {R"(width="50%" height="16" viewBox="0 0 64 32")", {32, 16}},
      {R"(width="-64" height="-64")", {32, 32}},
      {"", {32, 32}}};
  for (const auto& [attributes, size] : sizes) expect_near(natural(attributes), size, attributes);
}

TEST(SvgLoad, WhatNoPictureCanBeIsRefused) {
  for (const char* attributes :
       {R"(width="1e30" height="1e30")", R"(width="10000001" height="5")",
        R"(width="0" height="0")", R"(width="1e-30" height="5")", R"(width="5" height="0.0009")"}) {
    EXPECT_THROW(static_cast<void>(load_svg_header(drawing(attributes))), vips::VError)
        << attributes;
    EXPECT_THROW(static_cast<void>(load_svg(drawing(attributes), {}, 1)), vips::VError)
        << attributes;
  }
  EXPECT_THROW(static_cast<void>(load_svg_header("<svg")), vips::VError);
}

TEST(SvgLoad, SizesAreScaledBeforeTheyAreRounded) {
  const std::string file = drawing(R"(width="10.4" height="5.2" viewBox="0 0 64 32")");
  EXPECT_EQ(load_svg_header(file).stored, (Size{10, 5}));
  const VImage image = load_svg(file, {}, 20);
  EXPECT_EQ(image.width(), 208);
  EXPECT_EQ(image.height(), 104);
  EXPECT_EQ(image.getpoint(102, 50), (std::vector<double>{255, 0, 0, 255}));
  EXPECT_EQ(image.getpoint(105, 50), (std::vector<double>{0, 0, 0, 0}));
}

TEST(SvgLoad, TheDrawingFillsWhatItsSidesAreRoundedTo) {
  const VImage image = load_svg(drawing(R"(width="3.6" height="1.8" viewBox="0 0 32 16")"), {}, 1);
  EXPECT_EQ(image.width(), 4);
  EXPECT_EQ(image.height(), 2);
  EXPECT_EQ(image.getpoint(3, 1), (std::vector<double>{255, 0, 0, 255}));
}

TEST(SvgLoad, NoSideIsScaledAway) {
  const VImage image =
      load_svg(drawing(R"(width="6400" height="32" viewBox="0 0 6400 32")"), {}, 0.01);
  EXPECT_EQ(image.width(), 64);
  EXPECT_EQ(image.height(), 1);
}

TEST(SvgLoad, HalfSeenColoursAreNotMultiplied) {
  const std::string file =
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4">)"
      R"(<rect width="4" height="4" fill="#c85020" fill-opacity="0.5"/></svg>)";
  const std::vector<double> pixel = load_svg(file, {}, 1).getpoint(2, 2);
  EXPECT_NEAR(pixel.at(0), 200, 1);
  EXPECT_NEAR(pixel.at(1), 80, 1);
  EXPECT_NEAR(pixel.at(2), 32, 1);
  EXPECT_NEAR(pixel.at(3), 127.5, 0.5);
}

class SvgTest : public TransformTest {
 protected:
  // Of a result of the whole program; none if there is no result.
  static Size size_of(const std::string& attributes, const TransformSpec& spec) {
    TransformContext context;
    context.untrusted.svg = true;
    TransformSpec asked = spec;
    asked.format = Format::kPng;
    const ImagePtr image = make(Bytes::own(drawing(attributes)), asked, context);
    if (!image) return {};
    const VImage pixels = decoded(*image);
    return {pixels.width(), pixels.height()};
  }
};

TEST_F(SvgTest, ResultsHaveTheProportionsOfTheDrawing) {
  const std::string attributes = R"(width="10.4" height="5.2" viewBox="0 0 64 32")";
  EXPECT_EQ(size_of(attributes, sized(208, 0)), (Size{208, 104}));
  EXPECT_EQ(size_of(attributes, sized(0, 104)), (Size{208, 104}));
  EXPECT_EQ(size_of(R"(width="50mm" height="25mm")", sized(100, 0)), (Size{100, 50}));
}

}  // namespace
}  // namespace imageserver
