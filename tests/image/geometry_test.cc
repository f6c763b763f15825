#include "image/geometry.h"

#include <gtest/gtest.h>

#include <limits>

namespace imageserver {

void PrintTo(const Size& size, std::ostream* out) { *out << size.width << "x" << size.height; }

void PrintTo(const Axis& axis, std::ostream* out) {
  *out << "[" << axis.start << "+" << axis.length << "] -> " << axis.scaled << " -> ["
       << axis.offset << "+" << axis.size << "]";
}

namespace {

Size size_of(Size frame, int width, int height, Mode mode = Mode::kStretch) {
  TransformSpec spec;
  spec.width = width;
  spec.height = height;
  spec.mode = mode;
  return result_size(frame, spec);
}

constexpr Size kMedium{1024, 819};

TEST(ResultSize, IsTheFramesWhereNothingIsAsked) {
  EXPECT_EQ(size_of(kMedium, 0, 0), kMedium);
  EXPECT_EQ(size_of(kMedium, 0, 0, Mode::kFill), kMedium);
}

TEST(ResultSize, KeepsProportionsAlongAFreeSideWhateverTheMode) {
  for (const Mode mode : {Mode::kStretch, Mode::kFit, Mode::kFill}) {
    EXPECT_EQ(size_of(kMedium, 100, 0, mode), (Size{100, 80}));
    EXPECT_EQ(size_of(kMedium, 0, 100, mode), (Size{125, 100}));
    EXPECT_EQ(size_of(kMedium, 2048, 0, mode), (Size{2048, 1638}));
  }
}

TEST(ResultSize, RoundsToTheNearest) {
  EXPECT_EQ(size_of({3, 2}, 100, 0), (Size{100, 67}));
  EXPECT_EQ(size_of({3, 1}, 100, 0), (Size{100, 33}));
  EXPECT_EQ(size_of({2, 1}, 5, 0), (Size{5, 3}));
}

TEST(ResultSize, IsNeverBelowOnePixel) {
  EXPECT_EQ(size_of({1, 10000}, 0, 10), (Size{1, 10}));
  EXPECT_EQ(size_of({10000, 1}, 10, 0), (Size{10, 1}));
  EXPECT_EQ(size_of({10000, 1}, 10, 10, Mode::kFit), (Size{10, 1}));
  EXPECT_EQ(size_of({1, 10000}, 10, 10, Mode::kFit), (Size{1, 10}));
}

TEST(ResultSize, StaysAnInt) {
  constexpr int kLargest = std::numeric_limits<int>::max();
  EXPECT_EQ(size_of({1, 10'000'000}, 8192, 0), (Size{8192, kLargest}));
  EXPECT_EQ(size_of({kLargest, kLargest}, 8192, 0), (Size{8192, 8192}));
}

TEST(ResultSize, StretchesAndFillsToBothSides) {
  EXPECT_EQ(size_of(kMedium, 50, 300), (Size{50, 300}));
  EXPECT_EQ(size_of(kMedium, 50, 300, Mode::kFill), (Size{50, 300}));
}

TEST(ResultSize, FitsTheLargestThatTheBoxHolds) {
  EXPECT_EQ(size_of(kMedium, 100, 100, Mode::kFit), (Size{100, 80}));
  EXPECT_EQ(size_of(kMedium, 1000, 100, Mode::kFit), (Size{125, 100}));
  EXPECT_EQ(size_of({10, 20}, 100, 100, Mode::kFit), (Size{50, 100})) << "enlarging too";
  EXPECT_EQ(size_of({100, 100}, 100, 100, Mode::kFit), (Size{100, 100}));
}

TEST(ResultSize, NeverLeavesTheBoxAndTouchesIt) {
  for (int w = 1; w < 40; ++w) {
    for (int h = 1; h < 40; ++h) {
      const Size size = size_of({w, h}, 17, 23, Mode::kFit);
      EXPECT_LE(size.width, 17);
      EXPECT_LE(size.height, 23);
      EXPECT_TRUE(size.width == 17 || size.height == 23) << w << "x" << h;
    }
  }
}

TEST(Plan, TakesTheWholeFrameUnlessItFills) {
  const Plan plan = make_plan(kMedium, {50, 300}, Mode::kStretch);
  EXPECT_EQ(plan.x, (Axis{0, 1024, 50, 0, 50}));
  EXPECT_EQ(plan.y, (Axis{0, 819, 300, 0, 300}));
}

TEST(Plan, FillShrinksAndThenCutsTheMiddle) {
  const Plan wide = make_plan({200, 100}, {50, 50}, Mode::kFill);
  EXPECT_EQ(wide.x, (Axis{0, 200, 100, 25, 50}));
  EXPECT_EQ(wide.y, (Axis{0, 100, 50, 0, 50}));
  const Plan tall = make_plan({100, 200}, {50, 50}, Mode::kFill);
  EXPECT_EQ(tall.x, (Axis{0, 100, 50, 0, 50}));
  EXPECT_EQ(tall.y, (Axis{0, 200, 100, 25, 50}));
}

TEST(Plan, FillOfTheSameShapeCutsNothing) {
  const Plan plan = make_plan({200, 100}, {50, 25}, Mode::kFill);
  EXPECT_EQ(plan.x, (Axis{0, 200, 50, 0, 50}));
  EXPECT_EQ(plan.y, (Axis{0, 100, 25, 0, 25}));
}

TEST(Plan, FillCutsFirstWhereItEnlarges) {
  const Plan plan = make_plan({100, 100}, {400, 40}, Mode::kFill);
  EXPECT_EQ(plan.x, (Axis{0, 100, 400, 0, 400}));
  // Ten rows are seen, 45 to 55; three more on either side let the edge be interpolated.
  EXPECT_EQ(plan.y, (Axis{42, 16, 64, 12, 40}));
}

TEST(Plan, ExtremeFillsStayBounded) {
  const Plan thin = make_plan({10, 5000}, {8000, 10}, Mode::kFill);
  EXPECT_EQ(thin.x, (Axis{0, 10, 8000, 0, 8000}));
  EXPECT_LE(thin.y.length, 10);
  EXPECT_LE(thin.y.scaled, 8000);
  const Plan line = make_plan({1, 50'000'000}, {8192, 1}, Mode::kFill);
  EXPECT_LE(line.y.scaled, 10 * 8192);
  const Plan shrunk = make_plan({50'000'000, 1}, {1, 1}, Mode::kFill);
  EXPECT_EQ(shrunk.x.scaled, 50'000'000);
}

// What every plan promises, and that the cut is in the middle.
void expect_sound(const Axis& axis, int side, int result) {
  EXPECT_GE(axis.start, 0);
  EXPECT_GE(axis.length, 1);
  EXPECT_LE(axis.start + axis.length, side);
  EXPECT_GE(axis.offset, 0);
  EXPECT_LE(axis.offset + axis.size, axis.scaled);
  EXPECT_EQ(axis.size, result);
  const double scale = static_cast<double>(axis.scaled) / axis.length;
  const double middle = axis.start + (axis.offset + axis.size / 2.0) / scale;
  EXPECT_NEAR(middle, side / 2.0, std::max(0.51 / scale, side * 0.01)) << axis.scaled;
}

TEST(Plan, IsSoundForEveryShape) {
  for (const int w : {1, 2, 3, 10, 67, 1000, 65535}) {
    for (const int h : {1, 2, 3, 10, 67, 1000, 65535}) {
      for (const int width : {1, 2, 7, 100, 8192}) {
        for (const int height : {1, 2, 7, 100, 8192}) {
          SCOPED_TRACE(testing::Message() << w << "x" << h << " to " << width << "x" << height);
          const Plan plan = make_plan({w, h}, {width, height}, Mode::kFill);
          expect_sound(plan.x, w, width);
          expect_sound(plan.y, h, height);
        }
      }
    }
  }
}

TEST(AsStored, IsTheSamePlanWhereTheFrameIsUpright) {
  const Plan plan = make_plan({100, 200}, {50, 51}, Mode::kFill);
  EXPECT_EQ(as_stored(plan, {100, 200}, 1), plan);
}

TEST(AsStored, SwapsAndMirrorsSides) {
  // As seen 100 x 201; 150 of 201 rows are cut away unevenly, 75 above and 76 below.
  const Plan plan = make_plan({100, 201}, {100, 50}, Mode::kFill);
  ASSERT_EQ(plan.y, (Axis{0, 201, 201, 75, 50}));
  const Axis mirrored{0, 201, 201, 76, 50};
  EXPECT_EQ(as_stored(plan, {100, 201}, 2).y, plan.y);
  EXPECT_EQ(as_stored(plan, {100, 201}, 3).y, mirrored);
  EXPECT_EQ(as_stored(plan, {100, 201}, 4).y, mirrored);
  EXPECT_EQ(as_stored(plan, {201, 100}, 5).x, plan.y);
  EXPECT_EQ(as_stored(plan, {201, 100}, 6).x, plan.y);
  EXPECT_EQ(as_stored(plan, {201, 100}, 7).x, mirrored);
  EXPECT_EQ(as_stored(plan, {201, 100}, 8).x, mirrored);
  EXPECT_EQ(as_stored(plan, {201, 100}, 8).y, plan.x);
}

TEST(AsStored, MirrorsWhatIsCutFirst) {
  const Plan plan = make_plan({10, 101}, {100, 15}, Mode::kFill);
  const Plan stored = as_stored(plan, {10, 101}, 4);
  EXPECT_EQ(stored.y.start, 101 - plan.y.start - plan.y.length);
  EXPECT_EQ(stored.y.offset, plan.y.scaled - plan.y.offset - plan.y.size);
}

}  // namespace
}  // namespace imageserver
