#include "image/direct/jpeg_planes.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "image/direct/jpeg_encode.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using vips::VImage;

Bytes jpeg_of(const VImage& image, int quality = 95) {
  return to_bytes(image.jpegsave_buffer(VImage::option()->set("Q", quality)->set("strip", true)));
}

BytePlane gradient(Size size, int step) {
  BytePlane plane(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      plane.row(y)[x] = static_cast<std::uint8_t>(60 + step * (x + y));
    }
  }
  return plane;
}

void expect_near(const BytePlane& a, const BytePlane& b, Size size) {
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      ASSERT_LE(std::abs(a.row(y)[x] - b.row(y)[x]), 3) << x << "," << y;
    }
  }
}

Planes planes_of(Size size, Subsampling chroma) {
  const Size few{(size.width + chroma.across - 1) / chroma.across,
                 (size.height + chroma.down - 1) / chroma.down};
  Planes planes{size, chroma, {}};
  planes.planes.push_back(gradient(size, 1));
  planes.planes.push_back(gradient(few, 2));
  planes.planes.push_back(gradient(few, 1));
  return planes;
}

TEST(JpegPlanesTest, LayoutSaysHowSamplesAreStored) {
  const auto half = read_jpeg_layout(jpeg_of(photo(61, 43), 80).view());
  ASSERT_TRUE(half.has_value());
  EXPECT_EQ(half->size, (Size{61, 43}));
  EXPECT_EQ(half->chroma, (Subsampling{2, 2}));
  EXPECT_FALSE(half->grey);
  const auto full = read_jpeg_layout(jpeg_of(photo(61, 43)).view());
  ASSERT_TRUE(full.has_value());
  EXPECT_EQ(full->chroma, (Subsampling{1, 1}));
  const auto grey = read_jpeg_layout(jpeg_of(photo(61, 43).extract_band(0)).view());
  ASSERT_TRUE(grey.has_value());
  EXPECT_TRUE(grey->grey);
}

TEST(JpegPlanesTest, WhatHasOtherPlanesHasNoLayout) {
  EXPECT_FALSE(read_jpeg_layout(read_testdata("cmyk.jpg").view()).has_value());
  EXPECT_FALSE(read_jpeg_layout(read_testdata("alpha.png").view()).has_value());
  EXPECT_FALSE(read_jpeg_layout("").has_value());
  EXPECT_FALSE(read_jpeg_layout("\xff\xd8").has_value());
}

TEST(JpegPlanesTest, WhatIsEncodedIsDecoded) {
  for (const Size size : {Size{64, 48}, Size{33, 17}, Size{16, 1}, Size{1, 1}}) {
    for (const Subsampling chroma : {Subsampling{1, 1}, Subsampling{2, 2}}) {
      for (const bool progressive : {false, true}) {
        Planes planes = planes_of(size, chroma);
        const auto bytes = encode_jpeg(planes, 100, progressive);
        ASSERT_TRUE(bytes.has_value());
        const auto layout = read_jpeg_layout(bytes->view());
        ASSERT_TRUE(layout.has_value());
        EXPECT_EQ(layout->size, size);
        EXPECT_EQ(layout->chroma, chroma);
        const auto again = decode_jpeg(bytes->view(), *layout, 1);
        ASSERT_TRUE(again.has_value());
        expect_near(again->planes[0], planes.planes[0], size);
        expect_near(again->planes[1], planes.planes[1], planes.planes[1].size());
        expect_near(again->planes[2], planes.planes[2], planes.planes[2].size());
      }
    }
  }
}

TEST(JpegPlanesTest, GreyHasOnePlane) {
  Planes planes{{30, 20}, {}, {}};
  planes.planes.push_back(gradient({30, 20}, 2));
  const auto bytes = encode_jpeg(planes, 100, false);
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(decoded(*bytes, Format::kJpeg).bands(), 1);
  const auto again = decode_jpeg(bytes->view(), *read_jpeg_layout(bytes->view()), 1);
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->is_grey());
  expect_near(again->planes[0], planes.planes[0], {30, 20});
}

TEST(JpegPlanesTest, DecodesSmallerRoundedUp) {
  const Bytes bytes = jpeg_of(plain(101, 67, {200, 40, 10}), 80);
  const auto layout = read_jpeg_layout(bytes.view());
  ASSERT_TRUE(layout.has_value());
  for (const int shrink : {2, 4, 8}) {
    const auto small = decode_jpeg(bytes.view(), *layout, shrink);
    ASSERT_TRUE(small.has_value());
    EXPECT_EQ(small->size, (Size{(101 + shrink - 1) / shrink, (67 + shrink - 1) / shrink}));
    EXPECT_NEAR(small->planes[0].row(3)[5], 0.299 * 200 + 0.587 * 40 + 0.114 * 10, 2);
  }
}

TEST(JpegPlanesTest, ADamagedFileIsRefused) {
  const Bytes whole = jpeg_of(photo(200, 150));
  const auto layout = read_jpeg_layout(whole.view());
  ASSERT_TRUE(layout.has_value());
  EXPECT_TRUE(decode_jpeg(whole.view(), *layout, 1).has_value());
  for (const double share : {0.3, 0.6, 0.95}) {
    const auto size = static_cast<std::size_t>(static_cast<double>(whole.size()) * share);
    EXPECT_FALSE(decode_jpeg(whole.view().substr(0, size), *layout, 1).has_value()) << share;
  }
}

}  // namespace
}  // namespace imageserver
