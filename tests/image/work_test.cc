// How much work a picture is, and that it is asked for before it begins.

#include "image/work.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "image/describe.h"
#include "image/steps/effect_table.h"
#include "support/pictures.h"
#include "support/spec_fields.h"

namespace imageserver {
namespace {

constexpr std::int64_t kMega = 1'000'000;

class WorkTest : public TransformTest {
 protected:
  static Original original(FileType type, Size size, Pages pages = {}) {
    Original all{};
    all.header.type = type;
    all.header.stored = size;
    all.pages = pages;
    return all;
  }

  static std::int64_t work(const Original& from, const TransformSpec& spec,
                           Format format = Format::kJpeg, Way way = Way::kLibvips,
                           double scale = 1) {
    const Layout layout = lay_out(spec, whole_of(from.header.stored), {});
    return rendering_work(from, scale, layout, spec, format, way);
  }

  static Original photo_of(Size size) { return original(FileType::kJpeg, size); }
};

TEST_F(WorkTest, DecodingAndEncodingCountByThePixel) {
  EXPECT_EQ(work(photo_of({1000, 1000}), {}), kMega + 2 * kMega);
  EXPECT_EQ(work(photo_of({2000, 1000}), {}), 2 * (kMega + 2 * kMega));
  EXPECT_EQ(work(photo_of({1000, 1000}), sized(500, 500), Format::kJpeg, Way::kDirect),
            kMega + kMega / 4 + 2 * kMega / 4);
}

TEST_F(WorkTest, EachFormatHasItsOwnWork) {
  TransformSpec lossless;
  lossless.lossless = true;
  for (const FormatRow& row : format_rows()) {
    EXPECT_GT(row.decode_work, 0) << row.name;
    if (!row.result) continue;
    const ResultTraits& traits = *row.result;
    EXPECT_GT(traits.encode_work, 0) << row.name;
    EXPECT_EQ(traits.lossless_work > traits.encode_work, traits.lossless) << row.name;
    const Original from = photo_of({100, 100});
    const int more = traits.lossless ? traits.lossless_work : traits.encode_work;
    EXPECT_EQ(work(from, {}, traits.format), 10'000 * (1 + traits.encode_work)) << row.name;
    EXPECT_EQ(work(from, lossless, traits.format), 10'000 * (1 + more)) << row.name;
  }
}

TEST_F(WorkTest, AllFramesCountAndThoseThatAreSkipped) {
  const Size size{100, 100};
  const auto of = [&](Pages pages) {
    return work(original(FileType::kGif, size, pages), {}, Format::kGif);
  };
  EXPECT_EQ(of({0, 10}), 10 * of({0, 1}));
  EXPECT_EQ(of({50, 1}), of({0, 1}) + 50 * row_of(FileType::kGif).decode_work * area(size));
  const auto page = [&](Pages pages) { return work(original(FileType::kTiff, size, pages), {}); };
  EXPECT_EQ(page({50, 1}), page({0, 1})) << "pages are found without reading those before";
}

// What is larger than 16 megapixels is made smaller first.
TEST_F(WorkTest, ConversionToSrgbCounts) {
  const auto more = [](Size size, bool is_dear) {
    Original from = photo_of(size);
    const std::int64_t before = work(from, {});
    from.header.is_srgb = false;
    from.header.is_dear = is_dear;
    return static_cast<double>(work(from, {}) - before) / static_cast<double>(area(size));
  };
  EXPECT_EQ(more({4000, 4000}, false), 2);
  EXPECT_EQ(more({4000, 4000}, true), 18);
  EXPECT_EQ(more({4001, 4000}, true), 2);
}

TEST_F(WorkTest, ADrawingCountsAsItIsDrawn) {
  const auto drawn = [](double scale) {
    return thumbnail_work(original(FileType::kSvg, {100, 100})) +
           work(original(FileType::kSvg, {100, 100}), {}, Format::kBmp, Way::kLibvips, scale);
  };
  const std::int64_t own = area({100, 100}) * row_of(FileType::kSvg).decode_work;
  EXPECT_EQ(drawn(10) - drawn(1), 99 * own);
}

TEST_F(WorkTest, ASearchForAQualityCountsItsEncodes) {
  TransformSpec small;
  small.max_bytes = 1000;
  TransformSpec similar;
  similar.auto_quality = true;
  const Original from = photo_of({100, 100});
  for (const Format format : {Format::kJpeg, Format::kWebp, Format::kAvif}) {
    const std::int64_t once = work(from, {}, format);
    EXPECT_GT(work(from, small, format), 3 * once) << format_name(format);
    EXPECT_GT(work(from, similar, format), work(from, small, format)) << format_name(format);
  }
  EXPECT_EQ(work(from, small, Format::kPng), work(from, {}, Format::kPng)) << "has no quality";
}

TEST_F(WorkTest, FewColoursHaveToBeFound) {
  TransformSpec few;
  few.colors = 16;
  const Original from = photo_of({100, 100});
  EXPECT_GT(work(from, few, Format::kPng), 2 * work(from, {}, Format::kPng));
  EXPECT_EQ(work(from, few, Format::kJpeg), work(from, {}, Format::kJpeg));
}

TEST_F(WorkTest, EveryStepCounts) {
  const Original from = photo_of({100, 80});
  const std::int64_t nothing = work(from, {});
  for (const SpecField& field : spec_fields()) {
    const TransformSpec spec = spec_with(field);
    const Layout layout = lay_out(spec, whole_of(from.header.stored), {});
    for (const Step& step : steps()) {
      if (step.is_asked(spec, layout)) {
        EXPECT_GT(work(from, spec), nothing) << step.name;
      }
    }
  }
}

TEST_F(WorkTest, AWideBlurCountsMore) {
  TransformSpec spec;
  spec.blur = 2;
  const Original from = photo_of({100, 100});
  const std::int64_t narrow = work(from, spec);
  spec.blur = 50;
  const std::int64_t wide = work(from, spec);
  EXPECT_GT(wide, 10 * narrow);
  spec.dpr = 2;
  EXPECT_GT(work(from, spec), wide) << "it is a length of the result";
}

TEST_F(WorkTest, ARotationCountsAsLargeAsItIsDecoded) {
  TransformSpec spec = sized(50, 50);
  spec.rotation = 33;
  const Original from = photo_of({1000, 1000});
  EXPECT_GT(work(from, spec), work(from, sized(50, 50)) + 10 * kMega);
  EXPECT_LT(work(from, spec, Format::kJpeg, Way::kLibvips, 0.125),
            work(from, sized(50, 50)) + kMega);
}

// What transform() asks for, and its result.
struct Asked {
  std::vector<std::int64_t> amounts;  // of work
  std::vector<std::int64_t> bytes;    // of memory
  Result<ImagePtr> result = ImagePtr();
};

class AdmitTest : public TransformTest {
 protected:
  // Says no to the question of that number; 0: to none.
  static Asked ask(const Bytes& source, const TransformSpec& spec, std::size_t no = 0) {
    Asked asked;
    asked.result = transform(source, spec, {}, {}, {}, [&](const Demand& demand) {
      asked.amounts.push_back(demand.work);
      asked.bytes.push_back(demand.memory);
      return asked.amounts.size() != no;
    });
    return asked;
  }

  // The header is sound, and an end is there, but nothing between them can be decoded.
  static Bytes without_pixels() {
    const Bytes whole = encoded(photo(100, 100), Format::kPng);
    std::string bytes(whole.view());
    const std::size_t data = bytes.find("IDAT") + 4;
    for (std::size_t i = data; i < data + 100; ++i) bytes[i] = '\0';
    return Bytes::own(std::move(bytes));
  }
};

TEST_F(AdmitTest, AskedOnceAndBeforeAPixelIsDecoded) {
  EXPECT_EQ(ask(without_pixels(), sized(50, 0)).result.error().kind, ErrorKind::kUnprocessable);
  const Asked refused = ask(without_pixels(), sized(50, 0), 1);
  EXPECT_EQ(refused.result.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(refused.amounts.size(), 1U);
}

TEST_F(AdmitTest, AYesChangesNothing) {
  const Bytes source = encoded(photo(100, 80), Format::kJpeg);
  const Asked asked = ask(source, sized(50, 0));
  ASSERT_TRUE(asked.result.has_value());
  EXPECT_EQ((*asked.result)->data.view(), make(source, sized(50, 0))->data.view());
  // 8000 pixels are decoded, 50 x 40 made and encoded.
  EXPECT_EQ(asked.amounts, std::vector<std::int64_t>{8000 + 2000 + 2 * 2000});
  EXPECT_GT(asked.bytes.at(0), 8 * 2000);
}

TEST_F(AdmitTest, ATrimIsAskedForBeforeItShowsHowLargeTheResultIs) {
  TransformSpec spec = sized(500, 0);
  spec.trim = 10;
  const Bytes framed = encoded(
      plain(100, 100, {255, 255, 255}).insert(plain(10, 60, {0, 0, 0}), 20, 20), Format::kPng);
  const Asked asked = ask(framed, spec);
  ASSERT_TRUE(asked.result.has_value());
  ASSERT_EQ(asked.amounts.size(), 2U);
  EXPECT_GT(asked.amounts.at(1), 500 * 3000 * 16) << "the border is cut off";
  EXPECT_EQ(ask(without_pixels(), spec, 1).result.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(ask(framed, spec, 2).result.error().kind, ErrorKind::kCancelled);
}

TEST_F(AdmitTest, WhatPassesThroughIsNoWork) {
  const Asked asked = ask(encoded(photo(100, 80), Format::kJpeg), {}, 1);
  EXPECT_TRUE(asked.result.has_value());
  EXPECT_TRUE(asked.amounts.empty());
}

TEST_F(AdmitTest, ALookAtAPictureAsksToo) {
  std::vector<std::int64_t> amounts;
  const auto facts = describe(without_pixels(), {}, {}, [&](const Demand& demand) {
    amounts.push_back(demand.work);
    return false;
  });
  EXPECT_EQ(facts.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(amounts, std::vector<std::int64_t>{2 * 100 * 100});
}

}  // namespace
}  // namespace imageserver
