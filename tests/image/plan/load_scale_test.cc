#include "image/plan/load_scale.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

namespace imageserver {
namespace {

constexpr std::int64_t kMaxPixels = 50'000'000;

Header header_of(FileType type, Size stored) {
  Header header;
  header.type = type;
  header.stored = stored;
  return header;
}

TransformSpec sized(int width, int height = 0) {
  TransformSpec spec;
  spec.width = width;
  spec.height = height;
  return spec;
}

double scale_of(const Header& header, const TransformSpec& spec, const Box& cut,
                std::int64_t max_pixels = kMaxPixels) {
  return load_scale(header, lay_out(spec, cut, turn_of(spec, 1), header.natural), spec, max_pixels);
}

double scale_of(const Header& header, const TransformSpec& spec) {
  return scale_of(header, spec, whole_of(header.stored));
}

const Header kJpeg = header_of(FileType::kJpeg, {1600, 1200});
const Header kWebp = header_of(FileType::kWebp, {1600, 1200});

TEST(LoadScale, OfAJpegIsAnEighthAQuarterOrAHalfOfWhichTheKernelHasAtLeastTwoTimesMore) {
  EXPECT_EQ(scale_of(kJpeg, sized(90)), 1.0 / 8);
  EXPECT_EQ(scale_of(kJpeg, sized(100)), 1.0 / 8);
  EXPECT_EQ(scale_of(kJpeg, sized(101)), 1.0 / 4);
  EXPECT_EQ(scale_of(kJpeg, sized(200)), 1.0 / 4);
  EXPECT_EQ(scale_of(kJpeg, sized(201)), 1.0 / 2);
  EXPECT_EQ(scale_of(kJpeg, sized(400)), 1.0 / 2);
  EXPECT_EQ(scale_of(kJpeg, sized(401)), 1);
  EXPECT_EQ(scale_of(kJpeg, sized(1600)), 1);
  EXPECT_EQ(scale_of(kJpeg, sized(3200)), 1);
}

TEST(LoadScale, OfAWebpIsAnyOfWhichTheKernelHasTwoTimesMore) {
  EXPECT_DOUBLE_EQ(scale_of(kWebp, sized(160)), 1.0 / 5);
  EXPECT_DOUBLE_EQ(scale_of(kWebp, sized(16)), 1.0 / 50);
  EXPECT_DOUBLE_EQ(scale_of(kWebp, sized(640)), 1 / 1.25);
  EXPECT_EQ(scale_of(kWebp, sized(800)), 1);
  EXPECT_EQ(scale_of(kWebp, sized(1600)), 1);
}

TEST(LoadScale, IsThatOfTheSideThatIsShrunkLess) {
  EXPECT_DOUBLE_EQ(scale_of(kWebp, sized(16, 300)), 1.0 / 2);
  EXPECT_DOUBLE_EQ(scale_of(kWebp, sized(400, 12)), 1.0 / 2);
  EXPECT_EQ(scale_of(kJpeg, sized(100, 1200)), 1);
  EXPECT_EQ(scale_of(kJpeg, sized(1600, 75)), 1);
}

TEST(LoadScale, LeavesEightPixelsOfTheShorterSide) {
  for (const Size stored : {Size{1600, 24}, Size{24, 1600}}) {
    const TransformSpec small = sized(1, 1);
    EXPECT_DOUBLE_EQ(scale_of(header_of(FileType::kWebp, stored), small), 1.0 / 3);
    EXPECT_DOUBLE_EQ(scale_of(header_of(FileType::kJpeg, stored), small), 1.0 / 2);
  }
  EXPECT_EQ(scale_of(header_of(FileType::kWebp, {1600, 7}), sized(1, 1)), 1) << "has fewer";
  EXPECT_EQ(scale_of(header_of(FileType::kJpeg, {1600, 8}), sized(1, 1)), 1);
}

TEST(LoadScale, OfOtherFormatsAnimationsAndPartsOfAWebpIs1) {
  for (const FileType type : {FileType::kPng, FileType::kGif, FileType::kTiff, FileType::kAvif})
    EXPECT_EQ(scale_of(header_of(type, {1600, 1200}), sized(16)), 1);
  Header moving = kWebp;
  moving.pages = 2;
  EXPECT_EQ(scale_of(moving, sized(16)), 1);
  EXPECT_EQ(scale_of(kWebp, sized(16), {0, 0, {1600, 1192}}), 1);
}

TEST(LoadScale, Is1WhereDecodersDoNotAverageAsItIsAskedFor) {
  for (const Header& header : {kJpeg, kWebp}) {
    TransformSpec spec = sized(16);
    ASSERT_LT(scale_of(header, spec), 1);
    spec.resampling = Resampling::kNearestNeighbor;
    EXPECT_EQ(scale_of(header, spec), 1);
    spec = sized(16);
    spec.gamma_correction = true;
    EXPECT_EQ(scale_of(header, spec), 1);
    spec = sized(16);
    spec.trim = 1;
    EXPECT_EQ(scale_of(header, spec), 1);
  }
}

TEST(LoadScale, Is1WhereDearColoursAreConvertedFirst) {
  for (const bool is_dear : {false, true}) {
    Header header = header_of(FileType::kJpeg, {4000, 4000});
    header.is_dear = is_dear;
    EXPECT_EQ(scale_of(header, sized(100)), is_dear ? 1 : 1.0 / 8) << "16 megapixels";
    header.stored = {4000, 4008};
    EXPECT_EQ(scale_of(header, sized(100)), 1.0 / 8) << "more";
    EXPECT_EQ(scale_of(header, sized(100), {0, 0, {4000, 4000}}), is_dear ? 1 : 1.0 / 8)
        << "what is cut counts";
  }
}

TEST(LoadScale, OfAPartOfAJpegKeepsItOnWholePixels) {
  struct Row {
    Box cut;
    double scale;
  };
  const Row rows[] = {
      {{16, 8, {800, 800}}, 1.0 / 8},   {{4, 8, {800, 800}}, 1.0 / 4},
      {{8, 4, {800, 800}}, 1.0 / 4},    {{8, 8, {804, 800}}, 1.0 / 4},
      {{8, 8, {800, 804}}, 1.0 / 4},    {{6, 8, {802, 800}}, 1.0 / 2},
      {{8, 8, {800, 802}}, 1.0 / 2},    {{8, 9, {800, 800}}, 1},
      {{9, 8, {800, 800}}, 1},          {{8, 8, {801, 800}}, 1},
      {{8, 8, {800, 801}}, 1},          {{16, 8, {1585, 1193}}, 1.0 / 8},
      {{16, 8, {1584, 1193}}, 1.0 / 8}, {{16, 8, {1583, 1193}}, 1},
      {{16, 8, {1585, 1191}}, 1},
  };
  // The last pixels of an odd side have a sample of their own.
  const Header header = header_of(FileType::kJpeg, {1601, 1201});
  for (const auto& [cut, scale] : rows) {
    EXPECT_EQ(scale_of(header, sized(10, 10), cut), scale)
        << cut.size.width << "x" << cut.size.height << " at " << cut.left << "," << cut.top;
  }
}

Header drawing(const RealSize& natural) {
  Header header = header_of(FileType::kSvg, rounded(natural));
  header.natural = natural;
  return header;
}

TEST(LoadScale, OfADrawingIsTheOneItIsWantedIn) {
  EXPECT_DOUBLE_EQ(scale_of(drawing({100, 50}), sized(200)), 2);
  EXPECT_DOUBLE_EQ(scale_of(drawing({100, 50}), sized(10)), 0.1);
  EXPECT_DOUBLE_EQ(scale_of(drawing({100, 50}), {}), 1);
  EXPECT_DOUBLE_EQ(scale_of(drawing({10.4, 5.2}), sized(104)), 10) << "not of what was rounded";
  EXPECT_DOUBLE_EQ(scale_of(drawing({100, 50}), sized(200, 500)), 10) << "of the larger side";
  EXPECT_DOUBLE_EQ(scale_of(drawing({100, 50}), sized(1000, 50)), 10);
  EXPECT_DOUBLE_EQ(scale_of(header_of(FileType::kSvg, {100, 50}), sized(200)), 2);
}

TEST(LoadScale, OfAPartOfADrawingOrOneThatIsTurnedIsThatOfItsPixels) {
  const Header header = drawing({1000.4, 999.6});
  const Box part{0, 0, {500, 500}};
  EXPECT_DOUBLE_EQ(scale_of(header, sized(1000), part), 2);
  EXPECT_DOUBLE_EQ(scale_of(header, sized(10), part), 1.0 / 50);
  EXPECT_DOUBLE_EQ(scale_of(header, sized(4), part), 8.0 / 500) << "eight pixels are left";
  TransformSpec turned = sized(2 * rotated_size({1000, 1000}, 30).width);
  turned.rotation = 30;
  EXPECT_DOUBLE_EQ(scale_of(header, turned), 2);
}

TEST(LoadScale, OfADrawingMakesNoMorePixelsThanTheLimit) {
  const Header header = drawing({100, 50});
  const Box whole = whole_of(header.stored);
  EXPECT_DOUBLE_EQ(scale_of(header, sized(1000), whole, 500'000), 10);
  EXPECT_DOUBLE_EQ(scale_of(header, sized(1000), whole, 20'000), 2);
  EXPECT_DOUBLE_EQ(scale_of(header, sized(1000), whole, 1'250), 0.5);
}

}  // namespace
}  // namespace imageserver
