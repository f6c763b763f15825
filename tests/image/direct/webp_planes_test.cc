#include "image/direct/webp_planes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "support/pictures.h"

namespace imageserver {
namespace {

using vips::VImage;

Size halved(Size size) { return {(size.width + 1) / 2, (size.height + 1) / 2}; }

// One level on the left of `edge`, another on its right; the same above and below, by `levels`.
BytePlane fields(Size size, Size edge, const std::vector<std::uint8_t>& levels) {
  BytePlane plane(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const std::size_t field = (y < edge.height ? 0U : 2U) + (x < edge.width ? 0U : 1U);
      plane.row(y)[x] = levels.at(field);
    }
  }
  return plane;
}

VImage shown(const Planes& planes, int quality = 90) {
  const auto bytes = encode_webp(planes, quality);
  EXPECT_TRUE(bytes.has_value());
  return decoded(*bytes, Format::kWebp);
}

TEST(WebpPlanes, HaveTheColoursThatBt601SaysOfThem) {
  struct Colour {
    std::uint8_t luma, blue, red;
    std::vector<double> shown;
  };
  const Colour colours[] = {{81, 90, 240, {255, 0, 0}},
                            {145, 54, 34, {0, 255, 0}},
                            {41, 240, 110, {0, 0, 255}},
                            {235, 128, 128, {255, 255, 255}}};
  Planes planes{{99, 67}, {2, 2}, {}};
  const auto level = [&](auto member) {
    std::vector<std::uint8_t> levels;
    for (const Colour& colour : colours) levels.push_back(colour.*member);
    return levels;
  };
  planes.planes.push_back(fields({99, 67}, {50, 34}, level(&Colour::luma)));
  planes.planes.push_back(fields({50, 34}, {25, 17}, level(&Colour::blue)));
  planes.planes.push_back(fields({50, 34}, {25, 17}, level(&Colour::red)));
  const VImage image = shown(planes);
  ASSERT_EQ(image.width(), 99);
  ASSERT_EQ(image.height(), 67);
  for (int field = 0; field < 4; ++field) {
    const int left = field % 2 == 0 ? 0 : 55;
    const int top = field < 2 ? 0 : 39;
    for (const int row : {top, top + 27}) {
      const std::vector<double> seen = colour_at(image, left, row, 44, 1);
      for (std::size_t band = 0; band < 3; ++band)
        EXPECT_NEAR(seen.at(band), colours[field].shown.at(band), 6) << field << " row " << row;
    }
  }
}

TEST(WebpPlanes, OfGreyHaveNoColourAnywhere) {
  for (const Size size : {Size{1, 1}, Size{33, 17}, Size{64, 48}, Size{65, 65}}) {
    Planes planes{size, {2, 2}, {}};
    BytePlane luma(size);
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) luma.row(y)[x] = static_cast<std::uint8_t>(40 + x + y);
    }
    planes.planes.push_back(std::move(luma));
    const VImage image = shown(planes);
    ASSERT_EQ(image.width(), size.width);
    ASSERT_EQ(image.height(), size.height);
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const std::vector<double> pixel = image.getpoint(x, y);
        ASSERT_LE(std::ranges::max(pixel) - std::ranges::min(pixel), 2) << x << "," << y;
        ASSERT_NEAR(pixel.at(1), (40 + x + y - 16) * 255.0 / 219, 12) << x << "," << y;
      }
    }
  }
}

TEST(WebpPlanes, TakeMoreBytesWithMoreQuality) {
  const Size size{64, 48};
  Planes planes{size, {2, 2}, {}};
  BytePlane luma(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x)
      luma.row(y)[x] = static_cast<std::uint8_t>(20 + (x * x + 7 * y * x) % 200);
  }
  planes.planes.push_back(std::move(luma));
  planes.planes.push_back(fields(halved(size), {9, 9}, {90, 100, 110, 120}));
  planes.planes.push_back(fields(halved(size), {9, 9}, {120, 110, 100, 90}));
  EXPECT_LT(encode_webp(planes, 20)->size() * 3 / 2, encode_webp(planes, 90)->size());
}

}  // namespace
}  // namespace imageserver
