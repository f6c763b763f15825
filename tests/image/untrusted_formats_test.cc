// SVG, PDF and JPEG XL, where they are allowed.

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "image/describe.h"
#include "support/pdf_file.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using testing::page_of;
using testing::pdf;
using vips::VImage;

// 12 x 8: the left half red, the right half seen through.
constexpr std::string_view kHalfRedSvg =
    "<svg xmlns='http://www.w3.org/2000/svg' width='12' height='8'>"
    "<rect width='6' height='8' fill='#c8280a'/></svg>";

// 24 x 16, without loss: the left half (200, 40, 10), the right half (10, 40, 200), half seen
// through.
constexpr auto kJxl = std::to_array<unsigned char>({
    0xff, 0x0a, 0x03, 0xc1, 0x4a, 0x08, 0x08, 0x10, 0x00, 0x90, 0x00, 0x4b, 0x18, 0x8b, 0x15, 0x00,
    0xd4, 0xcc, 0x8c, 0x31, 0x63, 0x1e, 0x2f, 0x20, 0x02, 0x40, 0xa0, 0x44, 0x82, 0x22, 0x09, 0x0e,
    0xf0, 0xb5, 0x80, 0x04, 0x3f, 0x92, 0x6f, 0x43, 0xc2, 0x07, 0x7a, 0x3c, 0x08, 0x08, 0x01,
});

// 16 x 16 of 32-bit floating-point numbers in linear light, without loss: (0.8, 0.4, 0.2), half
// seen through; and a grey of 0.4.
constexpr auto kFloatJxl = std::to_array<unsigned char>({
    0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58, 0x4c, 0x20, 0x0d, 0x0a, 0x87, 0x0a, 0x00, 0x00, 0x00,
    0x14, 0x66, 0x74, 0x79, 0x70, 0x6a, 0x78, 0x6c, 0x20, 0x00, 0x00, 0x00, 0x00, 0x6a, 0x78,
    0x6c, 0x20, 0x00, 0x00, 0x00, 0x09, 0x6a, 0x78, 0x6c, 0x6c, 0x0a, 0x00, 0x00, 0x00, 0x3d,
    0x6a, 0x78, 0x6c, 0x63, 0xff, 0x0a, 0x43, 0xc8, 0x09, 0x39, 0x00, 0x8a, 0x16, 0x01, 0x08,
    0x10, 0x10, 0x00, 0x94, 0x00, 0x4b, 0x38, 0x68, 0x98, 0xc2, 0x83, 0xf7, 0x15, 0x14, 0x84,
    0x14, 0xeb, 0x1d, 0xfe, 0x67, 0xed, 0x6f, 0x80, 0x40, 0x33, 0x33, 0xd3, 0xab, 0x2b, 0x34,
    0x33, 0x33, 0x1b, 0x1a, 0x57, 0x33, 0x33, 0x93, 0x01, 0x00, 0x00, 0x1c,
});
constexpr auto kFloatGreyJxl = std::to_array<unsigned char>({
    0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58, 0x4c, 0x20, 0x0d, 0x0a, 0x87, 0x0a, 0x00, 0x00, 0x00, 0x14,
    0x66, 0x74, 0x79, 0x70, 0x6a, 0x78, 0x6c, 0x20, 0x00, 0x00, 0x00, 0x00, 0x6a, 0x78, 0x6c, 0x20,
    0x00, 0x00, 0x00, 0x09, 0x6a, 0x78, 0x6c, 0x6c, 0x0a, 0x00, 0x00, 0x00, 0x35, 0x6a, 0x78, 0x6c,
    0x63, 0xff, 0x0a, 0x43, 0xc8, 0x01, 0x45, 0x8b, 0x08, 0x04, 0x01, 0x00, 0x80, 0x00, 0x4b, 0x18,
    0x8b, 0x15, 0x00, 0x64, 0x5f, 0x8c, 0xc1, 0x84, 0xbb, 0x18, 0x83, 0x6e, 0x06, 0xff, 0x02, 0x00,
    0x1a, 0x77, 0x35, 0x33, 0x33, 0x7b, 0x66, 0x66, 0x1e, 0x36, 0x94, 0x66, 0x32, 0x0b,
});

class UntrustedFormatsTest : public TransformTest {
 protected:
  static TransformContext allowing_all() {
    TransformContext context;
    context.untrusted = {.svg = true, .pdf = true, .jxl = true};
    return context;
  }

  static Bytes svg() { return Bytes::copy(kHalfRedSvg); }

  static Bytes jxl() { return Bytes::own({kJxl.begin(), kJxl.end()}); }

  static VImage drawn(const Bytes& source, TransformSpec spec) {
    spec.format = Format::kPng;
    const ImagePtr image = make(source, spec, allowing_all());
    return image ? decoded(*image) : plain(1, 1, {0});
  }

  static void expect_refused(const Bytes& source) {
    EXPECT_EQ(error_of(source, sized(6, 0), allowing_all()).kind, ErrorKind::kUnprocessable);
  }

  static void expect_size(const VImage& image, int width, int height) {
    EXPECT_EQ(image.width(), width);
    EXPECT_EQ(image.height(), height);
  }
};

TEST_F(UntrustedFormatsTest, AnSvgIsDrawnAtTheSizeThatIsAsked) {
  const VImage image = drawn(svg(), sized(1200, 0));
  expect_size(image, 1200, 800);
  EXPECT_EQ(colour_at(image, 0, 0, 600, 800), (std::vector<double>{200, 40, 10, 255}));
  EXPECT_EQ(colour_at(image, 600, 0, 600, 800).at(3), 0);
}

TEST_F(UntrustedFormatsTest, AnSvgKeepsItsOwnSizeIfNoneIsAsked) {
  expect_size(drawn(svg(), {}), 12, 8);
}

TEST_F(UntrustedFormatsTest, AnSvgIsCutTurnedAndLaidOnColour) {
  TransformSpec spec = sized(80, 0);
  spec.crop = CropBox{2, 0, 6, 8};
  spec.flip = {.horizontal = true, .vertical = false};
  spec.background = Colour{0, 0, 0, 255};
  const VImage image = drawn(svg(), spec);
  expect_size(image, 80, 160);
  EXPECT_EQ(colour_at(image, 0, 0, 80, 160), (std::vector<double>{200, 40, 10}));
}

TEST_F(UntrustedFormatsTest, WhatIsTrimmedIsDrawnFirst) {
  TransformSpec spec;
  spec.trim = 10;
  const Bytes framed = Bytes::own(
      "<svg xmlns='http://www.w3.org/2000/svg' width='12' height='8'>"
      "<rect width='12' height='8' fill='white'/><rect x='3' y='2' width='6' height='4'/></svg>");
  expect_size(drawn(framed, spec), 6, 4);
}

TEST_F(UntrustedFormatsTest, WhatIsTrimmedIsDrawnAgainAtTheSizeThatIsAsked) {
  TransformSpec spec = sized(600, 0);
  spec.trim = 10;
  const Bytes framed = Bytes::own(
      "<svg xmlns='http://www.w3.org/2000/svg' width='12' height='8'>"
      "<rect width='12' height='8' fill='white'/><rect x='3' y='2' width='3' height='4'/>"
      "<rect x='6' y='2' width='3' height='4' fill='red'/></svg>");
  const VImage image = drawn(framed, spec);
  expect_size(image, 600, 400);
  EXPECT_EQ(colour_at(image, 0, 0, 300, 400).at(0), 0) << "the edge between the two is not sharp";
  EXPECT_EQ(colour_at(image, 300, 0, 300, 400).at(0), 255);
}

TEST_F(UntrustedFormatsTest, APdfShowsThePageThatIsAsked) {
  const Bytes source = pdf({page_of({60, 40}, "1 0 0"), page_of({30, 50}, "0 0 1")});
  const VImage first = drawn(source, {});
  expect_size(first, 60, 40);
  EXPECT_EQ(colour_at(first, 5, 5, 50, 30).at(0), 255);

  TransformSpec spec = sized(300, 0);
  spec.page = 1;
  const VImage second = drawn(source, spec);
  expect_size(second, 300, 500);
  EXPECT_EQ(colour_at(second, 5, 5, 290, 490).at(2), 255);

  spec.page = 2;
  EXPECT_EQ(error_of(source, spec, allowing_all()).kind, ErrorKind::kInvalidParam);
}

TEST_F(UntrustedFormatsTest, AJpegXlIsRead) {
  const VImage image = drawn(jxl(), {});
  expect_size(image, 24, 16);
  EXPECT_EQ(colour_at(image, 0, 0, 12, 16), (std::vector<double>{200, 40, 10, 255}));
  EXPECT_EQ(colour_at(image, 12, 0, 12, 16), (std::vector<double>{10, 40, 200, 128}));
  expect_size(drawn(jxl(), sized(12, 0)), 12, 8);
}

TEST_F(UntrustedFormatsTest, AnSvgAndAPdfAreDescribed) {
  const auto svg_facts = describe(svg(), {}, allowing_all());
  ASSERT_TRUE(svg_facts.has_value());
  EXPECT_EQ(svg_facts->header.stored, (Size{12, 8}));
  EXPECT_TRUE(svg_facts->header.alpha);
  const Bytes source = pdf({page_of({60, 40}, "0 1 0"), page_of({30, 50}, "0 0 1")});
  const auto pdf_facts = describe(source, {}, allowing_all());
  ASSERT_TRUE(pdf_facts.has_value());
  EXPECT_EQ(pdf_facts->header.pages, 2);
  EXPECT_EQ(pdf_facts->dominant.green, 255);
}

// By the curve of IEC 61966-2-1, as djxl has it.
TEST_F(UntrustedFormatsTest, FloatingPointJpegXlIsRight) {
  const VImage colour = drawn(Bytes::own({kFloatJxl.begin(), kFloatJxl.end()}), {});
  const std::vector<double> pixel = colour.getpoint(5, 5);
  ASSERT_EQ(pixel.size(), 4U);
  EXPECT_NEAR(pixel[0], 231, 1);
  EXPECT_NEAR(pixel[1], 170, 1);
  EXPECT_NEAR(pixel[2], 124, 1);
  EXPECT_NEAR(pixel[3], 128, 1);
  const VImage grey = drawn(Bytes::own({kFloatGreyJxl.begin(), kFloatGreyJxl.end()}), {});
  EXPECT_NEAR(grey.getpoint(5, 5).front(), 170, 1);
}

TEST_F(UntrustedFormatsTest, AnSvgMayBeAWatermark) {
  TransformSpec spec = as(Format::kPng);
  spec.watermark.emplace();
  spec.watermark->scale = 1;
  const Bytes photo = encoded(plain(120, 80, {255, 255, 255}), Format::kPng);
  const VImage marked = decoded(*make(photo, spec, allowing_all(), svg()));
  EXPECT_NEAR(colour_at(marked, 10, 10, 40, 60).at(1), 40, 2);
  EXPECT_EQ(error_of(photo, spec, allowing_all(), svg().slice(0, 60)).kind, ErrorKind::kInternal);
}

TEST_F(UntrustedFormatsTest, NoneIsReadUnlessItIsAllowed) {
  for (const Bytes& source : {svg(), pdf({page_of({9, 9}, "1 0 0")}), jxl()})
    EXPECT_EQ(error_of(source, {}).kind, ErrorKind::kUnprocessable);
}

TEST_F(UntrustedFormatsTest, DamagedFilesAreRefused) {
  expect_refused(Bytes::own("<svg xmlns='http://www.w3.org/2000/svg' width='12'"));
  expect_refused(Bytes::own("%PDF-1.7\nnothing that follows"));
  expect_refused(jxl().slice(0, 20));
  expect_refused(jxl().slice(0, 40));
}

}  // namespace
}  // namespace imageserver
