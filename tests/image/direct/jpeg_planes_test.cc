#include "image/direct/jpeg_planes.h"

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "image/direct/jpeg_encode.h"
#include "support/jpeg_writer.h"
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

TEST(JpegPlanesTest, ChromaIsReadInEveryUsualSubsampling) {
  struct Row {
    TJSAMP stored;
    Subsampling chroma;
  };
  const Row rows[] = {{TJSAMP_444, {1, 1}},
                      {TJSAMP_422, {2, 1}},
                      {TJSAMP_420, {2, 2}},
                      {TJSAMP_440, {1, 2}},
                      {TJSAMP_411, {4, 1}}};
  for (const auto& [stored, chroma] : rows) {
    SCOPED_TRACE(testing::Message() << chroma.across << "x" << chroma.down);
    const std::string bytes = jpeg_with(plain(61, 43, {200, 40, 10}), stored);
    const auto layout = read_jpeg_layout(bytes);
    ASSERT_TRUE(layout.has_value());
    EXPECT_EQ(layout->chroma, chroma);
    EXPECT_FALSE(layout->grey);
    for (const int shrink : {1, 2}) {
      const auto planes = decode_jpeg(bytes, *layout, shrink);
      ASSERT_TRUE(planes.has_value());
      EXPECT_EQ(planes->chroma, chroma);
      ASSERT_EQ(planes->planes.size(), 3U);
      const Size size{(61 + shrink - 1) / shrink, (43 + shrink - 1) / shrink};
      const Size few{(size.width + chroma.across - 1) / chroma.across,
                     (size.height + chroma.down - 1) / chroma.down};
      // BT.601, full range.
      const double levels[] = {0.299 * 200 + 0.587 * 40 + 0.114 * 10,
                               128 - 0.168736 * 200 - 0.331264 * 40 + 0.5 * 10,
                               128 + 0.5 * 200 - 0.418688 * 40 - 0.081312 * 10};
      for (std::size_t i = 0; i < 3; ++i) {
        const BytePlane& plane = planes->planes[i];
        if (i > 0) {
          EXPECT_EQ(plane.size(), few);
        }
        const Size last{plane.size().width - 1, plane.size().height - 1};
        EXPECT_NEAR(plane.row(0)[0], levels[i], 2);
        EXPECT_NEAR(plane.row(last.height)[last.width], levels[i], 2);
      }
    }
  }
}

TEST(JpegPlanesTest, AJpegInRgbHasNoLayout) {
  const std::string usual = jpeg_with(photo(61, 43), TJSAMP_444);
  ASSERT_EQ(usual[3], '\xE0') << "JFIF says YCbCr";
  const std::string rest = usual.substr(20);
  const auto with_adobe = [&](char transform) {
    return std::string(
               "\xFF\xD8\xFF\xEE\0\x0E"
               "Adobe\0\x64\0\0\0\0",
               17) +
           transform + rest;
  };
  EXPECT_TRUE(read_jpeg_layout(with_adobe('\1')).has_value()) << "YCbCr";
  EXPECT_FALSE(read_jpeg_layout(with_adobe('\0')).has_value()) << "RGB";
}

BytePlane flat(Size size, std::uint8_t level, std::uint8_t padding) {
  BytePlane plane(size);
  for (int y = 0; y < size.height; ++y) {
    std::fill_n(plane.row(y), plane.stride(), padding);
    std::fill_n(plane.row(y), size.width, level);
  }
  return plane;
}

TEST(JpegPlanesTest, WhatLiesBeyondTheEdgeDisturbsNothing) {
  constexpr std::uint8_t kLevels[] = {220, 60, 190};
  const Size size{33, 17};
  for (const Subsampling chroma : {Subsampling{1, 1}, Subsampling{2, 2}}) {
    const Size few{(size.width + chroma.across - 1) / chroma.across,
                   (size.height + chroma.down - 1) / chroma.down};
    Planes planes{size, chroma, {}};
    for (std::size_t i = 0; i < 3; ++i)
      planes.planes.push_back(flat(i == 0 ? size : few, kLevels[i], 0));
    const auto bytes = encode_jpeg(planes, 30, false);
    ASSERT_TRUE(bytes.has_value());
    const auto again = decode_jpeg(bytes->view(), *read_jpeg_layout(bytes->view()), 1);
    ASSERT_TRUE(again.has_value());
    for (std::size_t i = 0; i < 3; ++i) {
      const Size seen = i == 0 ? size : few;
      for (int y = 0; y < seen.height; ++y) {
        for (int x = 0; x < seen.width; ++x)
          ASSERT_NEAR(again->planes[i].row(y)[x], kLevels[i], 4) << i << " at " << x << "," << y;
      }
    }
  }
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

// libjpeg's limit is 65,500 pixels a side.
TEST(JpegPlanesTest, WhatNoJpegCanHoldIsNotEncoded) {
  const auto is_encoded = [](Size size) {
    Planes planes{size, {}, {}};
    planes.planes.push_back(gradient(size, 0));
    return encode_jpeg(planes, 90, false).has_value();
  };
  EXPECT_TRUE(is_encoded({65'500, 8}));
  EXPECT_FALSE(is_encoded({65'501, 8}));
  EXPECT_FALSE(is_encoded({8, 65'501}));
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
