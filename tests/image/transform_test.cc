#include "image/transform.h"

#include <gtest/gtest.h>

#include <tuple>

#include "formats/format.h"
#include "image/codec/decode.h"
#include "image/codec/encode.h"
#include "image/plan/load_scale.h"
#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

VImage reference(const VImage& source, int width, int height) {
  return source.resize(
      static_cast<double>(width) / source.width(),
      VImage::option()->set("vscale", static_cast<double>(height) / source.height()));
}

std::optional<Format> format_sniffed(const Image& image) {
  const std::optional<FileType> type = sniff(image.data.view());
  return type ? format_of(*type) : std::nullopt;
}

// How far a format's own loss may take a picture from its reference.
double loss(Format format) { return format == Format::kGif ? 14.0 : 7.0; }

class EveryPair : public TransformTest,
                  public testing::WithParamInterface<std::tuple<Format, Format>> {};

TEST_P(EveryPair, ComesOutInTheFormatSizeAndLikenessAsked) {
  const auto [in, out] = GetParam();
  const Bytes source = encoded(photo(301, 203), in);
  TransformSpec spec = sized(120, 0);
  spec.format = out;
  const ImagePtr image = make(source, spec);
  ASSERT_NE(image, nullptr);
  EXPECT_EQ(image->format, out);
  EXPECT_EQ(format_sniffed(*image), out);
  EXPECT_EQ(image->frames, (Frames{1, 1}));
  EXPECT_LT(distance(decoded(*image), reference(decoded(source, in), 120, 81)), loss(out));
}

TEST_P(EveryPair, KeepsTheSizeWhereOnlyTheFormatIsAsked) {
  const auto [in, out] = GetParam();
  const VImage picture = photo(61, 47);
  const ImagePtr image = make(encoded(picture, in), as(out));
  ASSERT_NE(image, nullptr);
  EXPECT_EQ(format_sniffed(*image), out);
  EXPECT_LT(distance(decoded(*image), picture), 16);
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryPair,
                         testing::Combine(testing::ValuesIn(kFormats), testing::ValuesIn(kFormats)),
                         [](const auto& param) {
                           return std::string(format_name(std::get<0>(param.param))) + "_to_" +
                                  std::string(format_name(std::get<1>(param.param)));
                         });

class EveryFormat : public TransformTest, public testing::WithParamInterface<Format> {};

INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat, testing::ValuesIn(kFormats),
                         [](const auto& param) { return std::string(format_name(param.param)); });

TEST_P(EveryFormat, PassesThroughUntouchedWhereNothingIsAsked) {
  VImage picture = photo(40, 30);
  picture.set("exif-ifd0-Artist", "somebody");
  const Bytes source = encoded(picture, GetParam());
  for (const TransformSpec& spec : {TransformSpec{}, as(GetParam())}) {
    const ImagePtr image = make(source, spec);
    ASSERT_NE(image, nullptr);
    EXPECT_EQ(image->data.data(), source.data()) << "the same memory";
    EXPECT_EQ(image->data.size(), source.size());
    EXPECT_EQ(image->format, GetParam());
    EXPECT_EQ(image->frames, (Frames{1, 1}));
  }
}

TEST_P(EveryFormat, ModeAndResamplingAloneAskForNothing) {
  const Bytes source = encoded(photo(40, 30), GetParam());
  TransformSpec spec = sized(0, 0, Mode::kFill);
  spec.resampling = Resampling::kBox;
  EXPECT_EQ(make(source, spec)->data.data(), source.data());
}

TEST_P(EveryFormat, QualityAloneIsSomethingAsked) {
  const Bytes source = encoded(photo(40, 30), GetParam());
  TransformSpec spec;
  spec.quality = 50;
  const ImagePtr image = make(source, spec);
  ASSERT_NE(image, nullptr);
  EXPECT_NE(image->data.data(), source.data());
  EXPECT_EQ(decoded(*image).width(), 40);
}

TEST_P(EveryFormat, OddSizesAreExact) {
  const Bytes source = encoded(photo(53, 37), GetParam());
  for (int side = 1; side <= 67; ++side) {
    TransformSpec spec = sized(side, 68 - side);
    spec.format = Format::kPng;
    const ImagePtr image = make(source, spec);
    ASSERT_NE(image, nullptr) << side;
    const VImage pixels = decoded(*image);
    EXPECT_EQ(pixels.width(), side);
    EXPECT_EQ(pixels.height(), 68 - side);
  }
}

class EveryResampling : public TransformTest,
                        public testing::WithParamInterface<std::tuple<Resampling, Mode, bool>> {};

INSTANTIATE_TEST_SUITE_P(All, EveryResampling,
                         testing::Combine(testing::Values(Resampling::kNearestNeighbor,
                                                          Resampling::kBox, Resampling::kLinear,
                                                          Resampling::kCubic, Resampling::kLanczos),
                                          testing::Values(Mode::kStretch, Mode::kFit, Mode::kFill),
                                          testing::Bool()));

TEST_P(EveryResampling, SizesFrom1To67AreExact) {
  const auto [resampling, mode, alpha] = GetParam();
  for (const auto& [w, h] : {std::pair{31, 67}, {67, 1}, {2, 3}, {257, 190}}) {
    VImage picture = photo(w, h);
    if (alpha) picture = picture.bandjoin(200.0);
    const Bytes source = encoded(picture, Format::kPng);
    for (int side = 1; side <= 67; side += 3) {
      TransformSpec spec = sized(side, 1 + (side * 7) % 67, mode);
      spec.resampling = resampling;
      const Size expected = lay_out(spec, whole_of({w, h}), {}).picture;
      const ImagePtr image = make(source, spec);
      ASSERT_NE(image, nullptr) << w << "x" << h << " to " << side;
      const VImage pixels = decoded(*image);
      EXPECT_EQ(pixels.width(), expected.width) << w << "x" << h << " to " << side;
      EXPECT_EQ(pixels.height(), expected.height) << w << "x" << h << " to " << side;
    }
  }
}

TEST_F(TransformTest, OddJpegsAreExactThroughShrinkOnLoad) {
  for (int w = 120; w < 140; w += 3) {
    for (int h = 190; h < 207; h += 5) {
      const Bytes source = encoded(photo(w, h), Format::kJpeg);
      for (const int side : {1, 2, 7, 13, 29}) {
        const VImage pixels = decoded(*make(source, sized(side, side)));
        EXPECT_EQ(pixels.width(), side);
        EXPECT_EQ(pixels.height(), side);
      }
    }
  }
}

TEST_F(TransformTest, ShrinkOnLoadIsNotSeen) {
  const VImage picture = photo(1203, 1001);
  for (const Format format : {Format::kJpeg, Format::kWebp}) {
    const Bytes source = encoded(picture, format);
    for (const int width : {60, 100, 200, 299, 301}) {
      TransformSpec spec = sized(width, 0);
      spec.format = Format::kPng;
      const VImage pixels = decoded(*make(source, spec));
      EXPECT_LT(distance(pixels, reference(picture, width, pixels.height())), 3.0) << width;
    }
  }
}

TEST_F(TransformTest, ShrinkOnLoadLeavesAFactorOfTwo) {
  const Size stored{1024, 819};
  const Header jpeg{.type = FileType::kJpeg, .stored = stored};
  const auto shrink = [&](const Header& header, int width, Resampling resampling) {
    TransformSpec spec = sized(width, width * stored.height / stored.width);
    spec.resampling = resampling;
    return 1 / load_scale(header, lay_out(spec, whole_of(stored), {}), spec, 0);
  };
  EXPECT_EQ(shrink(jpeg, 60, Resampling::kLanczos), 8);
  EXPECT_EQ(shrink(jpeg, 100, Resampling::kLanczos), 4);
  EXPECT_EQ(shrink(jpeg, 200, Resampling::kBox), 2);
  EXPECT_EQ(shrink(jpeg, 500, Resampling::kLanczos), 1);
  EXPECT_EQ(shrink(jpeg, 60, Resampling::kNearestNeighbor), 1) << "decoders average";
  EXPECT_NEAR(shrink({.type = FileType::kWebp, .stored = stored}, 100, Resampling::kLinear), 5.12,
              0.1);
  EXPECT_EQ(shrink({.type = FileType::kPng, .stored = stored}, 60, Resampling::kLinear), 1);
}

TEST_F(TransformTest, ShrinkOnLoadMixesNoColoursThatAreConvertedFirst) {
  const auto shrink = [](Size stored, bool is_dear) {
    const Header jpeg{
        .type = FileType::kJpeg, .stored = stored, .is_srgb = false, .is_dear = is_dear};
    const TransformSpec spec = sized(stored.width / 16, stored.height / 16);
    return 1 / load_scale(jpeg, lay_out(spec, whole_of(stored), {}), spec, 0);
  };
  EXPECT_EQ(shrink({4000, 4000}, true), 1);
  EXPECT_EQ(shrink({4016, 4000}, true), 8);
  EXPECT_EQ(shrink({4000, 4000}, false), 8);
}

TEST_F(TransformTest, ShrinkOnLoadNeedsACutOnWholeSteps) {
  const Size stored{1024, 819};
  const Header jpeg{.type = FileType::kJpeg, .stored = stored};
  const auto shrink = [&](const Box& cut, const TransformSpec& spec) {
    return 1 / load_scale(jpeg, lay_out(spec, cut, {}), spec, 0);
  };
  TransformSpec spec = sized(30, 0);
  EXPECT_EQ(shrink({64, 128, {512, 256}}, spec), 8);
  EXPECT_EQ(shrink({68, 128, {512, 256}}, spec), 4);
  EXPECT_EQ(shrink({66, 128, {512, 256}}, spec), 2);
  EXPECT_EQ(shrink({64, 128, {511, 256}}, spec), 1);
  EXPECT_EQ(shrink({64, 128, {960, 691}}, spec), 8) << "to the edges";
  spec.gamma_correction = true;
  EXPECT_EQ(shrink({64, 128, {512, 256}}, spec), 1) << "decoders average encoded values";
  spec.gamma_correction = false;
  spec.trim = 10;
  EXPECT_EQ(shrink({64, 128, {512, 256}}, spec), 1) << "all pixels were looked at";
}

TEST_F(TransformTest, StretchIgnoresProportions) {
  const VImage pixels = decoded(*make(encoded(quarters(200, 100), Format::kPng), sized(40, 80)));
  EXPECT_LT(distance(pixels, quarters(40, 80)), 20);
}

TEST_F(TransformTest, FitKeepsProportionsAndEnlarges) {
  const Bytes source = encoded(quarters(100, 50), Format::kPng);
  const VImage pixels = decoded(*make(source, sized(200, 200, Mode::kFit)));
  EXPECT_LT(distance(pixels, quarters(200, 100)), 20);
}

TEST_F(TransformTest, FillCutsTheMiddle) {
  // Of a red, a green and a blue third only the green one is in the middle.
  const VImage flag = VImage::arrayjoin(
      {plain(100, 100, {255, 0, 0}), plain(100, 100, {0, 255, 0}), plain(100, 100, {0, 0, 255})});
  for (const int side : {20, 60, 90}) {
    const ImagePtr image = make(encoded(flag, Format::kPng), sized(side, side, Mode::kFill));
    const VImage pixels = decoded(*image);
    const auto centre = colour_at(pixels, 4, 4, side - 8, side - 8);
    EXPECT_NEAR(centre[0], 0, 1);
    EXPECT_NEAR(centre[1], 255, 1);
    EXPECT_NEAR(centre[2], 0, 1);
  }
}

TEST_F(TransformTest, FillEnlargesTheSameMiddleAsScalingAllOfIt) {
  const VImage picture = photo(30, 50);
  const ImagePtr image = make(encoded(picture, Format::kPng), sized(240, 80, Mode::kFill));
  const VImage whole = image_of(resampled(plane_of(picture), {240, 400}, Resampling::kCubic));
  EXPECT_LT(distance(decoded(*image), whole.extract_area(0, 160, 240, 80)), 1.5);
}

TEST_F(TransformTest, ExtremeFillsEnd) {
  const Bytes thin = encoded(photo(10, 5000), Format::kPng);
  const VImage line = decoded(*make(thin, sized(8000, 10, Mode::kFill)));
  EXPECT_EQ(line.width(), 8000);
  EXPECT_EQ(line.height(), 10);
  const VImage mixed = decoded(*make(thin, sized(4000, 100)));
  const auto expected = [](const VImage& picture, Size size) {
    return image_of(resampled(plane_of(picture), size, Resampling::kLanczos));
  };
  EXPECT_LT(distance(mixed, expected(photo(10, 5000), {4000, 100})), 2.0);
  const VImage other = decoded(*make(encoded(photo(5000, 10), Format::kPng), sized(100, 4000)));
  EXPECT_LT(distance(other, expected(photo(5000, 10), {100, 4000})), 2.0);
}

TEST_F(TransformTest, ASideIsNeverBelowOnePixel) {
  const VImage pixels = decoded(*make(encoded(photo(2000, 2), Format::kPng), sized(100, 0)));
  EXPECT_EQ(pixels.width(), 100);
  EXPECT_EQ(pixels.height(), 1);
  const VImage dot = decoded(*make(encoded(photo(3000, 2), Format::kJpeg), sized(0, 1)));
  EXPECT_EQ(dot.height(), 1);
}

TEST_F(TransformTest, QualityCountsWhereAFormatHasOne) {
  const Bytes source = encoded(photo(200, 160), Format::kPng);
  for (const Format format : kFormats) {
    TransformSpec spec = as(format);
    const auto size_at = [&](std::optional<int> quality) {
      spec.quality = quality;
      return make(source, spec)->data.size();
    };
    if (has_quality(format, spec)) {
      EXPECT_LT(size_at(20), size_at(90));
      EXPECT_EQ(size_at(std::nullopt), size_at(default_quality(format)));
    } else {
      EXPECT_EQ(size_at(20), size_at(90));
    }
  }
}

TEST_F(TransformTest, TheFormatsThatHaveAQualityAndTheDefaults) {
  std::vector<Format> formats;
  std::vector<int> defaults;
  for (const Format format : kFormats) {
    if (!has_quality(format, {})) continue;
    formats.push_back(format);
    defaults.push_back(default_quality(format));
  }
  EXPECT_EQ(formats, (std::vector{Format::kJpeg, Format::kWebp, Format::kAvif}));
  EXPECT_EQ(defaults, (std::vector{80, 79, 63}));
}

TEST_F(TransformTest, JpegsAreBaseline) {
  const ImagePtr image = make(encoded(photo(40, 40), Format::kPng), as(Format::kJpeg));
  EXPECT_NE(image->data.view().find("\xFF\xC0"), std::string_view::npos);
  EXPECT_EQ(image->data.view().find("\xFF\xC2"), std::string_view::npos);
}

TEST_F(TransformTest, EqualRequestsGiveEqualBytes) {
  const Bytes source = encoded(photo(300, 200), Format::kJpeg);
  const ImagePtr first = make(source, sized(100, 0));
  const ImagePtr second = make(source, sized(100, 0));
  EXPECT_EQ(first->data.view(), second->data.view());
}

}  // namespace
}  // namespace imageserver
