// The PNG that we write: read by libvips, it is the same picture.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "image/codec/png_encode.h"
#include "image/vips/raster_io.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using vips::VImage;

using Pixel = std::vector<std::uint8_t>;

Raster drawn(Size size, int bands, const std::function<Pixel(int, int)>& pixel_at) {
  Raster raster{size, bands, {}};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const Pixel pixel = pixel_at(x, y);
      EXPECT_EQ(pixel.size(), static_cast<std::size_t>(bands));
      raster.pixels.insert(raster.pixels.end(), pixel.begin(), pixel.end());
    }
  }
  return raster;
}

// Each of so many colours, and none else; the first of them are as opaque as `alphas` says.
Raster coloured(Size size, int colours, const std::vector<std::uint8_t>& alphas = {}) {
  return drawn(size, alphas.empty() ? 3 : 4, [&, i = 0](int, int) mutable {
    const int number = i++ % colours;
    Pixel pixel{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number / 256),
                static_cast<std::uint8_t>(200 - number % 150)};
    const auto at = static_cast<std::size_t>(number);
    if (!alphas.empty()) pixel.push_back(at < alphas.size() ? alphas[at] : 255);
    return pixel;
  });
}

Raster levels(Size size, int step) {
  return drawn(size, 1, [step](int x, int y) {
    return Pixel{static_cast<std::uint8_t>((x + 3 * y) * step % 256 / step * step)};
  });
}

Raster noise(Size size, int bands, unsigned seed) {
  std::mt19937 random(seed);
  Raster raster{size, bands, {}};
  raster.pixels.resize(static_cast<std::size_t>(size.width) *
                       static_cast<std::size_t>(size.height) * static_cast<std::size_t>(bands));
  // A tenth of the alphas is 0, a tenth 255.
  std::ranges::generate(raster.pixels, [&, i = 0]() mutable {
    const auto level = static_cast<std::uint8_t>(random());
    if (bands % 2 != 0 || ++i % bands != 0) return level;
    return level < 26 ? std::uint8_t{0} : level > 229 ? std::uint8_t{255} : level;
  });
  return raster;
}

Raster read(const Bytes& png) { return to_raster(decoded(png, Format::kPng)); }

// As four bands; what is transparent has no colour.
std::vector<std::uint32_t> seen(const Raster& raster) {
  const auto bands = static_cast<std::size_t>(raster.bands);
  std::vector<std::uint32_t> all;
  for (std::size_t at = 0; at < raster.pixels.size(); at += bands) {
    const std::uint8_t* const pixel = &raster.pixels[at];
    const std::uint32_t alpha = bands % 2 == 0 ? pixel[bands - 1] : 255;
    const std::uint32_t green = bands < 3 ? pixel[0] : pixel[1];
    const std::uint32_t blue = bands < 3 ? pixel[0] : pixel[2];
    all.push_back(alpha == 0 ? 0 : alpha << 24U | blue << 16U | green << 8U | pixel[0]);
  }
  return all;
}

void expect_the_same(const Raster& wanted) {
  const Raster got = read(encode_png(view(wanted)));
  ASSERT_EQ(got.size, wanted.size);
  EXPECT_EQ(seen(got), seen(wanted));
}

// How the samples are stored: IHDR's depth and colour type.
struct Stored {
  int depth;
  int type;

  friend bool operator==(const Stored&, const Stored&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Stored& stored) {
    return out << stored.depth << " bits, type " << stored.type;
  }
};

constexpr int kGrey = 0;
constexpr int kRgb = 2;
constexpr int kPalette = 3;
constexpr int kGreyAlpha = 4;
constexpr int kRgba = 6;

Stored stored_as(const Raster& raster) {
  expect_the_same(raster);
  const Bytes png = encode_png(view(raster));
  return {png.view()[24], png.view()[25]};
}

TEST(PngTest, EveryPictureIsTheSameAfterwards) {
  for (const Size size : {Size{1, 1}, Size{2, 1}, Size{1, 3}, Size{7, 5}, Size{8, 9}, Size{33, 31},
                          Size{257, 3}, Size{3, 300}, Size{200, 150}}) {
    for (int bands = 1; bands <= 4; ++bands) {
      SCOPED_TRACE(testing::Message() << size.width << "x" << size.height << " in " << bands);
      expect_the_same(noise(size, bands, 5));
      expect_the_same(noise(size, bands, 6));
    }
  }
}

TEST(PngTest, FewColoursOfAnyNumberAreTheSameAfterwards) {
  for (const int colours : {1, 2, 3, 4, 5, 15, 16, 17, 128, 255, 256, 257, 300}) {
    for (const Size size : {Size{61, 43}, Size{300, 200}}) {
      SCOPED_TRACE(colours);
      expect_the_same(coloured(size, colours));
      expect_the_same(coloured(size, colours, {0, 0, 9, 255, 128}));
    }
  }
}

TEST(PngTest, SamplesHaveNoMoreBitsThanTheyNeed) {
  const Size size{64, 48};
  EXPECT_EQ(stored_as(levels(size, 255)), (Stored{1, kGrey}));
  EXPECT_EQ(stored_as(levels(size, 85)), (Stored{2, kGrey}));
  EXPECT_EQ(stored_as(levels(size, 17)), (Stored{4, kGrey}));
  EXPECT_EQ(stored_as(levels(size, 1)), (Stored{8, kGrey}));
  EXPECT_EQ(stored_as(coloured(size, 2)), (Stored{1, kPalette}));
  EXPECT_EQ(stored_as(coloured(size, 4)), (Stored{2, kPalette}));
  EXPECT_EQ(stored_as(coloured(size, 16)), (Stored{4, kPalette}));
  EXPECT_EQ(stored_as(coloured(size, 17)), (Stored{8, kPalette}));
  EXPECT_EQ(stored_as(coloured({200, 200}, 256, {0, 7})), (Stored{8, kPalette}));
  EXPECT_EQ(stored_as(coloured({200, 200}, 257)), (Stored{8, kRgb}));
  EXPECT_EQ(stored_as(coloured({200, 200}, 257, {3})), (Stored{8, kRgba}));
  EXPECT_EQ(stored_as(coloured({10, 10}, 100)), (Stored{8, kRgb})) << "a palette would be larger";
}

TEST(PngTest, WhatIsNotThereIsNotStored) {
  const Size size{100, 80};
  const auto grey = [](int x, int y) { return static_cast<std::uint8_t>((7 * x + 11 * y) % 256); };
  const auto alpha = [](int x, int y) { return static_cast<std::uint8_t>((x * y) % 256); };
  EXPECT_EQ(stored_as(drawn(
                size, 3, [&](int x, int y) { return Pixel{grey(x, y), grey(x, y), grey(x, y)}; })),
            (Stored{8, kGrey}));
  EXPECT_EQ(
      stored_as(drawn(
          size, 4, [&](int x, int y) { return Pixel{grey(x, y), grey(x, y), grey(x, y), 255}; })),
      (Stored{8, kGrey}));
  EXPECT_EQ(stored_as(drawn(size, 4,
                            [&](int x, int y) {
                              return Pixel{grey(x, y), grey(x, y), grey(x, y), alpha(x, y)};
                            })),
            (Stored{8, kGreyAlpha}));
  EXPECT_EQ(
      stored_as(drawn(
          size, 4, [&](int x, int y) { return Pixel{grey(x, y), alpha(x, y), grey(y, x), 255}; })),
      (Stored{8, kRgb}));
}

TEST(PngTest, TheColourOfWhatIsTransparentDoesNotCount) {
  const Raster picture = drawn({64, 64}, 4, [](int x, int y) {
    const bool shows = x > 20 && y > 20;
    return shows ? Pixel{9, 9, 9, 255}
                 : Pixel{static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), 77, 0};
  });
  EXPECT_EQ(stored_as(picture), (Stored{1, kPalette}));
}

class PngResultTest : public TransformTest {
 protected:
  static std::size_t size_of(const Bytes& source, const TransformSpec& asked) {
    TransformSpec spec = asked;
    spec.format = Format::kPng;
    return make(source, spec)->data.size();
  }

  // By libvips, left to itself.
  static std::size_t size_by_libvips(const Bytes& source, const TransformSpec& asked) {
    TransformSpec spec = asked;
    spec.format = Format::kPng;
    return to_bytes(decoded(*make(source, spec)).pngsave_buffer()).size();
  }
};

TEST_F(PngResultTest, AnAlphaPngOf160PixelsHasNoMoreThan19000Bytes) {
  EXPECT_LE(size_of(read_testdata("alpha.png"), sized(160, 0)), 19'000U);
}

TEST_F(PngResultTest, PhotographsHaveAnEighthFewerBytesThanByLibvips) {
  for (const char* name : {"medium.jpg", "grey.png", "sixteen.png", "still.webp", "palette.png"}) {
    const Bytes source = read_testdata(name);
    for (const int width : {50, 160, 300}) {
      EXPECT_LT(8 * size_of(source, sized(width, 0)), 7 * size_by_libvips(source, sized(width, 0)))
          << name << " at " << width;
    }
  }
}

// Lines and flat colours: their filters would cost bytes.
TEST_F(PngResultTest, DrawingsAreNoLargerThanByLibvips) {
  const Raster drawing = drawn({400, 300}, 3, [](int x, int y) {
    if (x % 40 < 2 || y % 30 < 3) return Pixel{20, 40, 60};
    const auto shade = static_cast<std::uint8_t>(255 - (x / 40) * (y / 30));
    return (x * x + y * y) % 97 < 5 ? Pixel{shade, 0, shade}
                                    : Pixel{shade, static_cast<std::uint8_t>(200 + x / 40), 255};
  });
  const std::size_t libvips = to_bytes(from_raster(view(drawing)).pngsave_buffer()).size();
  EXPECT_LE(encode_png(view(drawing)).size(), libvips);
}

TEST_F(PngResultTest, ProgressiveAndWithMetadataItIsTheSamePicture) {
  TransformSpec spec = sized(70, 0);
  spec.format = Format::kPng;
  const VImage usual = decoded(*make(read_testdata("copyright.jpg"), spec));
  spec.strip = true;
  EXPECT_EQ(distance(decoded(*make(read_testdata("copyright.jpg"), spec)), usual), 0);
  spec.progressive = true;
  EXPECT_EQ(distance(decoded(*make(read_testdata("copyright.jpg"), spec)), usual), 0);
}

}  // namespace
}  // namespace imageserver
