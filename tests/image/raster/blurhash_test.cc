#include "image/raster/blurhash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <vector>

namespace imageserver {
namespace {

using Pixel = std::array<int, 3>;

template <class PixelAt>
Raster picture(Size size, PixelAt pixel_at) {
  Raster raster{size, 3, {}};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      for (const int value : Pixel(pixel_at(x, y)))
        raster.pixels.push_back(static_cast<std::uint8_t>(value));
    }
  }
  return raster;
}

Raster flat(Size size, Pixel pixel) {
  return picture(size, [pixel](int, int) { return pixel; });
}

std::string hash(const Raster& raster, int across = 4, int down = 3) {
  return blurhash(view(raster), across, down);
}

// What the algorithm's description says of reading one.
class Decoded {
 public:
  explicit Decoded(std::string_view text) {
    const int size = number(text.substr(0, 1));
    across_ = size % 9 + 1;
    down_ = size / 9 + 1;
    const double scale = (number(text.substr(1, 1)) + 1) / 166.0;
    const int mean = number(text.substr(2, 4));
    components_.push_back({linear(mean >> 16), linear(mean >> 8 & 255), linear(mean & 255)});
    for (std::size_t at = 6; at < text.size(); at += 2) {
      const int code = number(text.substr(at, 2));
      components_.push_back(
          {part(code / 361, scale), part(code / 19 % 19, scale), part(code % 19, scale)});
    }
  }

  [[nodiscard]] bool is_whole() const {
    return static_cast<int>(components_.size()) == across_ * down_;
  }

  // At fractions of the sides.
  [[nodiscard]] Pixel at(double x, double y) const {
    std::array<double, 3> sum{};
    for (std::size_t i = 0; i < components_.size(); ++i) {
      const int place = static_cast<int>(i);
      const int down = place / across_;
      const double wave = std::cos(std::numbers::pi * x * (place % across_)) *
                          std::cos(std::numbers::pi * y * down);
      for (std::size_t band = 0; band < 3; ++band) sum[band] += components_[i][band] * wave;
    }
    return {srgb(sum[0]), srgb(sum[1]), srgb(sum[2])};
  }

 private:
  static int number(std::string_view digits) {
    constexpr std::string_view kAll =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
    int value = 0;
    for (const char digit : digits) value = value * 83 + static_cast<int>(kAll.find(digit));
    return value;
  }

  static double part(int code, double scale) {
    const double root = (code - 9) / 9.0;
    return std::copysign(root * root, root) * scale;
  }

  static double linear(int value) {
    const double part = value / 255.0;
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  }

  static int srgb(double value) {
    const double part = std::clamp(value, 0.0, 1.0);
    const double encoded =
        part <= 0.0031308 ? part * 12.92 : 1.055 * std::pow(part, 1 / 2.4) - 0.055;
    return static_cast<int>(std::lround(encoded * 255));
  }

  int across_ = 0;
  int down_ = 0;
  std::vector<std::array<double, 3>> components_;
};

// What the authors' encoders write. (Theirs in TypeScript differs from the others where the largest
// amplitude is negative: it overlooks that one, and cuts it off.)
TEST(Blurhash, IsTheSameAsItsAuthors) {
  EXPECT_EQ(hash(flat({4, 4}, {0, 0, 0})), "L00000fQfQfQfQfQfQfQfQfQfQfQ");
  EXPECT_EQ(hash(flat({4, 4}, {255, 255, 255})), "L~TSUA~qfQ~q~q%MfQ%MfQfQfQfQ");
  EXPECT_EQ(hash(flat({8, 8}, {200, 255, 60})), "LfN39P?:fQ?:?:oxfQoxfQfQfQfQ");
  const auto gradient = [](int x, int y) { return Pixel{255 - x * 8, 255 - y * 8, 128}; };
  EXPECT_EQ(hash(picture({32, 32}, gradient)), "L.Hx$b|_$5xGq8odjtkAgcfjfQfj");
  const auto checks = [](int x, int y) {
    return (x / 4 + y / 4) % 2 == 1 ? Pixel{255, 0, 0} : Pixel{0, 0, 255};
  };
  EXPECT_EQ(hash(picture({16, 16}, checks)), "LLLjfL,efQ,e,eFPfQ2NfQfQfQfQ");
  EXPECT_EQ(hash(picture({5, 7}, [](int x, int y) { return Pixel{x * 50, y * 30, 200}; }), 1, 1),
            "00Ee,D");
  const auto ramp = [](int x, int y) {
    const int i = y * 8 + x;
    return Pixel{i * 5, 255 - i * 5, i * 3};
  };
  EXPECT_EQ(hash(picture({8, 6}, ramp), 5, 2), "D|G9x}k-X5tPX5HJXhj@XOj@");
}

TEST(Blurhash, HasUpToNineComponentsASide) {
  const auto pattern = [](int x, int y) { return Pixel{x * y % 256, x * 13 % 256, y * 29 % 256}; };
  EXPECT_EQ(
      hash(picture({24, 20}, pattern), 9, 9),
      "|YC@mS96HgucmYb]XPm[X~Bfnj#oX5R,oJj@WVbGJg$4SMSLwxWoa|jso1s}WCR,xDR,bFoKWVj@n[SKwxSKjtsSS"
      "Mn~jtb$nmWDbbr[ShoKjcW:SNo1a|o1SMo1jtSMo1t8WEjHX7nkj[W:sCW:Wja{o1a{jtWoo1Woa|");
  for (int across = 1; across <= 9; ++across) {
    for (int down = 1; down <= 9; ++down) {
      const std::string text = hash(picture({11, 7}, pattern), across, down);
      EXPECT_EQ(text.size(), static_cast<std::size_t>(4 + 2 * across * down));
      EXPECT_TRUE(Decoded(text).is_whole());
    }
  }
}

TEST(Blurhash, OneComponentIsTheMeanInLinearLight) {
  const Raster half = picture({2, 1}, [](int x, int) { return Pixel{x * 255, x * 255, 0}; });
  EXPECT_EQ(Decoded(hash(half, 1, 1)).at(0, 0), (Pixel{188, 188, 0}));
}

TEST(Blurhash, ShowsWhereItIsLight) {
  const Raster ramp =
      picture({64, 64}, [](int x, int y) { return Pixel{x * 4, 255 - x * 4, y * 4}; });
  const Decoded decoded(hash(ramp));
  const Pixel left_top = decoded.at(0.1, 0.1);
  const Pixel right_top = decoded.at(0.9, 0.1);
  const Pixel left_bottom = decoded.at(0.1, 0.9);
  EXPECT_LT(left_top[0] + 100, right_top[0]);
  EXPECT_GT(left_top[1], right_top[1] + 100);
  EXPECT_LT(left_top[2] + 100, left_bottom[2]);
  for (const double place : {0.25, 0.5, 0.75})
    EXPECT_NEAR(decoded.at(place, 0.5)[0], place * 255, 30) << place;
}

TEST(Blurhash, AlphaDoesNotCount) {
  const Raster rgb = picture({6, 5}, [](int x, int y) { return Pixel{x * 40, y * 40, 77}; });
  Raster rgba{rgb.size, 4, {}};
  for (std::size_t at = 0; at < rgb.pixels.size(); at += 3) {
    for (std::size_t i = 0; i < 3; ++i) rgba.pixels.push_back(rgb.pixels[at + i]);
    rgba.pixels.push_back(static_cast<std::uint8_t>(at));
  }
  EXPECT_EQ(hash(rgba), hash(rgb));
}

TEST(Blurhash, GreyIsThreeEqualColours) {
  const Raster rgb =
      picture({6, 5}, [](int x, int y) { return Pixel{x * 40 + y, x * 40 + y, x * 40 + y}; });
  Raster grey{rgb.size, 1, {}};
  Raster grey_alpha{rgb.size, 2, {}};
  for (std::size_t at = 0; at < rgb.pixels.size(); at += 3) {
    grey.pixels.push_back(rgb.pixels[at]);
    grey_alpha.pixels.push_back(rgb.pixels[at]);
    grey_alpha.pixels.push_back(3);
  }
  EXPECT_EQ(hash(grey), hash(rgb));
  EXPECT_EQ(hash(grey_alpha), hash(rgb));
}

TEST(Blurhash, OfOnePixel) {
  EXPECT_EQ(Decoded(hash(flat({1, 1}, {10, 200, 30}), 1, 1)).at(0.5, 0.5), (Pixel{10, 200, 30}));
}

}  // namespace
}  // namespace imageserver
