#include "image/plan/geometry.h"

#include <gtest/gtest.h>

#include <limits>

#include "params/size_limits.h"

namespace imageserver {

void PrintTo(const Size& size, std::ostream* out) { *out << size.width << "x" << size.height; }

void PrintTo(const Box& box, std::ostream* out) {
  *out << box.size.width << "x" << box.size.height << " at " << box.left << "," << box.top;
}

void PrintTo(const Axis& axis, std::ostream* out) {
  *out << axis.side << ": [" << axis.start << "+" << axis.length << "] -> " << axis.scaled
       << " -> [" << axis.offset << "+" << axis.size << "]";
}

namespace {

Size size_of(Size frame, int width, int height, Mode mode = Mode::kStretch) {
  TransformSpec spec;
  spec.width = width;
  spec.height = height;
  spec.mode = mode;
  const Layout layout = lay_out(spec, whole_of(frame), {});
  EXPECT_EQ(layout.canvas, whole_of(layout.picture));
  return layout.picture;
}

Plan make_plan(Size frame, Size result, Mode mode, Turn turn = {}) {
  TransformSpec spec;
  spec.width = result.width;
  spec.height = result.height;
  spec.mode = mode;
  return lay_out(spec, whole_of(frame), turn).plan;
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

TEST(ResultSize, FollowsTheBoxAsTheModeSays) {
  struct Row {
    Mode mode;
    bool enlarge;
    Size small;   // what becomes of 20 x 10 in a box of 40 x 40
    Size narrow;  // of 20 x 10 in a box of 10 x 40
    Size large;   // of 200 x 100 in a box of 40 x 40
  };
  const Row rows[] = {
      {Mode::kStretch, true, {40, 40}, {10, 40}, {40, 40}},
      {Mode::kStretch, false, {20, 10}, {10, 10}, {40, 40}},
      {Mode::kFill, true, {40, 40}, {10, 40}, {40, 40}},
      {Mode::kFill, false, {10, 10}, {3, 10}, {40, 40}},
      {Mode::kFit, true, {40, 20}, {10, 5}, {40, 20}},
      {Mode::kFit, false, {20, 10}, {10, 5}, {40, 20}},
      {Mode::kPad, true, {40, 20}, {10, 5}, {40, 20}},
      {Mode::kPad, false, {20, 10}, {10, 5}, {40, 20}},
      {Mode::kInside, true, {20, 10}, {10, 5}, {40, 20}},
      {Mode::kInside, false, {20, 10}, {10, 5}, {40, 20}},
      {Mode::kCover, true, {80, 40}, {80, 40}, {80, 40}},
      {Mode::kCover, false, {20, 10}, {20, 10}, {80, 40}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(testing::Message()
                 << static_cast<int>(row.mode) << (row.enlarge ? "" : " grows not"));
    TransformSpec spec;
    spec.mode = row.mode;
    spec.enlarge = row.enlarge;
    spec.width = spec.height = 40;
    EXPECT_EQ(lay_out(spec, whole_of({20, 10}), {}).picture, row.small);
    EXPECT_EQ(lay_out(spec, whole_of({200, 100}), {}).picture, row.large);
    spec.width = 10;
    EXPECT_EQ(lay_out(spec, whole_of({20, 10}), {}).picture, row.narrow);
  }
}

TEST(ResultSize, GrowsAlongAFreeSideOnlyWhereItMay) {
  TransformSpec spec;
  spec.width = 40;
  EXPECT_EQ(lay_out(spec, whole_of({20, 10}), {}).picture, (Size{40, 20}));
  spec.mode = Mode::kInside;
  EXPECT_EQ(lay_out(spec, whole_of({20, 10}), {}).picture, (Size{20, 10}));
  spec.mode = Mode::kStretch;
  spec.enlarge = false;
  EXPECT_EQ(lay_out(spec, whole_of({20, 10}), {}).picture, (Size{20, 10}));
  spec.width = 20;
  EXPECT_EQ(lay_out(spec, whole_of({20, 10}), {}).picture, (Size{20, 10}));
  spec.width = 10;
  EXPECT_EQ(lay_out(spec, whole_of({20, 10}), {}).picture, (Size{10, 5}));
}

// Of a drawing, in a box; a turn is done before.
Layout drawn(const RealSize& natural, Size box, Mode mode, Turn turn = {}) {
  TransformSpec spec;
  spec.width = box.width;
  spec.height = box.height;
  spec.mode = mode;
  return lay_out(spec, whole_of(rounded(natural)), turn, natural);
}

TEST(Drawing, HasTheProportionsItHadBeforeItWasRounded) {
  const RealSize wide{3.5, 1.4};
  const RealSize tall{1.4, 3.5};
  EXPECT_EQ(drawn(wide, {350, 0}, Mode::kStretch).picture, (Size{350, 140}));
  EXPECT_EQ(drawn(tall, {0, 350}, Mode::kStretch).picture, (Size{140, 350}));
  EXPECT_EQ(drawn(wide, {350, 350}, Mode::kFit).picture, (Size{350, 140}));
  EXPECT_EQ(drawn(tall, {350, 350}, Mode::kFit).picture, (Size{140, 350}));
  EXPECT_EQ(drawn(wide, {140, 140}, Mode::kCover).picture, (Size{350, 140}));
  EXPECT_EQ(drawn(tall, {140, 140}, Mode::kCover).picture, (Size{140, 350}));
  EXPECT_EQ(drawn(wide, {140, 0}, Mode::kStretch, Turn(6)).picture, (Size{140, 350})) << "turned";
}

TEST(Drawing, IsAsRoundedWhereItIsCutOrRotated) {
  TransformSpec spec;
  spec.width = 60;
  EXPECT_EQ(lay_out(spec, {0, 0, {3, 2}}, {}, RealSize{3.4, 4}).picture, (Size{60, 40}));
  spec.rotation = 45;
  const Size rotated = rotated_size({3, 4}, 45);
  ASSERT_EQ(rotated, (Size{5, 5}));
  EXPECT_EQ(lay_out(spec, whole_of({3, 4}), {}, RealSize{3.4, 4}).picture, (Size{60, 60}));
}

TEST(Drawing, ThatFillsABoxIsCutAfterScalingUpToALimit) {
  const Plan wide = drawn({10.4, 5.2}, {100, 100}, Mode::kFill).plan;
  EXPECT_EQ(wide.x, (Axis{10, 0, 10, 200, 50, 100}));
  EXPECT_EQ(wide.y, (Axis{5, 0, 5, 100, 0, 100}));
  const Plan tall = drawn({5.2, 10.4}, {100, 100}, Mode::kFill).plan;
  EXPECT_EQ(tall.x, (Axis{5, 0, 5, 100, 0, 100}));
  EXPECT_EQ(tall.y, (Axis{10, 0, 10, 200, 50, 100}));
  EXPECT_EQ(drawn({16'383.5, 1}, {10, 2}, Mode::kFill).plan.x.scaled, 32'767);
  EXPECT_LE(drawn({16'383.75, 1}, {10, 2}, Mode::kFill).plan.x.scaled, 2 * (5 + 6 + 1));
}

TEST(Plan, TakesTheWholeFrameUnlessItFills) {
  const Plan plan = make_plan(kMedium, {50, 300}, Mode::kStretch);
  EXPECT_EQ(plan.x, (Axis{1024, 0, 1024, 50, 0, 50}));
  EXPECT_EQ(plan.y, (Axis{819, 0, 819, 300, 0, 300}));
}

TEST(Plan, FillShrinksAndThenCutsTheMiddle) {
  const Plan wide = make_plan({200, 100}, {50, 50}, Mode::kFill);
  EXPECT_EQ(wide.x, (Axis{200, 0, 200, 100, 25, 50}));
  EXPECT_EQ(wide.y, (Axis{100, 0, 100, 50, 0, 50}));
  const Plan tall = make_plan({100, 200}, {50, 50}, Mode::kFill);
  EXPECT_EQ(tall.x, (Axis{100, 0, 100, 50, 0, 50}));
  EXPECT_EQ(tall.y, (Axis{200, 0, 200, 100, 25, 50}));
}

TEST(Plan, FillOfTheSameShapeCutsNothing) {
  const Plan plan = make_plan({200, 100}, {50, 25}, Mode::kFill);
  EXPECT_EQ(plan.x, (Axis{200, 0, 200, 50, 0, 50}));
  EXPECT_EQ(plan.y, (Axis{100, 0, 100, 25, 0, 25}));
}

TEST(Plan, FillCutsFirstWhereItEnlarges) {
  const Plan plan = make_plan({100, 100}, {400, 40}, Mode::kFill);
  EXPECT_EQ(plan.x, (Axis{100, 0, 100, 400, 0, 400}));
  // Ten rows are seen, 45 to 55; three more on either side let the edge be interpolated.
  EXPECT_EQ(plan.y, (Axis{100, 42, 16, 64, 12, 40}));
}

TEST(Plan, FillThatCutsFirstKeepsInsideTheFrame) {
  const auto rows_at = [](double y) {
    TransformSpec spec;
    spec.width = 400;
    spec.height = 40;
    spec.mode = Mode::kFill;
    spec.gravity = {.kind = Gravity::Kind::kPoint, .x = 0.5, .y = y};
    return lay_out(spec, whole_of({100, 100}), {}).plan.y;
  };
  EXPECT_EQ(rows_at(0), (Axis{100, 0, 13, 52, 0, 40}));
  EXPECT_EQ(rows_at(0.3), (Axis{100, 22, 16, 64, 12, 40}));
  EXPECT_EQ(rows_at(1), (Axis{100, 87, 13, 52, 12, 40}));
}

TEST(Plan, ExtremeFillsStayBounded) {
  const Plan thin = make_plan({10, 5000}, {8000, 10}, Mode::kFill);
  EXPECT_EQ(thin.x, (Axis{10, 0, 10, 8000, 0, 8000}));
  EXPECT_LE(thin.y.length, 10);
  EXPECT_LE(thin.y.scaled, 8000);
  const Plan line = make_plan({1, 50'000'000}, {8192, 1}, Mode::kFill);
  EXPECT_LE(line.y.scaled, 10 * 8192);
  const Plan shrunk = make_plan({50'000'000, 1}, {1, 1}, Mode::kFill);
  EXPECT_EQ(shrunk.x.scaled, 50'000'000);
}

// What every plan promises, and that the cut is in the middle.
void expect_sound(const Axis& axis, int side, int result) {
  EXPECT_EQ(axis.side, side);
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

constexpr Gravity at(double x, double y) { return {.kind = Gravity::Kind::kPoint, .x = x, .y = y}; }

TEST(Plan, FillCutsAroundThePointThatGravityNames) {
  struct Row {
    Size frame;
    Size result;
    Gravity gravity;
    int offset_x;
    int offset_y;
  };
  const Row rows[] = {
      {{200, 100}, {50, 50}, at(0, 0), 0, 0},      {{200, 100}, {50, 50}, at(1, 1), 50, 0},
      {{200, 100}, {50, 50}, at(0.5, 0), 25, 0},   {{200, 100}, {50, 50}, at(0.3, 0), 5, 0},
      {{200, 100}, {50, 50}, at(0.1, 0.9), 0, 0},  {{100, 200}, {50, 50}, at(0, 1), 0, 50},
      {{100, 200}, {50, 50}, at(0.5, 0.7), 0, 45}, {{100, 200}, {50, 50}, at(1, 0.2), 0, 0},
      {{101, 100}, {50, 50}, at(1, 0), 1, 0},      {{100, 100}, {50, 50}, at(1, 1), 0, 0},
  };
  for (const Row& row : rows) {
    TransformSpec spec;
    spec.width = row.result.width;
    spec.height = row.result.height;
    spec.mode = Mode::kFill;
    spec.gravity = row.gravity;
    const Plan plan = lay_out(spec, whole_of(row.frame), {}).plan;
    EXPECT_EQ(plan.x.offset, row.offset_x);
    EXPECT_EQ(plan.y.offset, row.offset_y);
    EXPECT_EQ(plan.x.size, row.result.width);
    EXPECT_EQ(plan.y.size, row.result.height);
  }
}

TEST(Canvas, IsTheBoxForPadAndThePictureElse) {
  struct Row {
    Mode mode;
    Gravity gravity;
    Box canvas;
  };
  const Row rows[] = {
      {Mode::kPad, at(0.5, 0.5), {0, 12, {50, 50}}}, {Mode::kPad, at(0, 0), {0, 0, {50, 50}}},
      {Mode::kPad, at(1, 1), {0, 25, {50, 50}}},     {Mode::kFit, at(1, 1), {0, 0, {50, 25}}},
      {Mode::kFill, at(1, 1), {0, 0, {50, 50}}},     {Mode::kCover, at(1, 1), {0, 0, {100, 50}}},
  };
  for (const Row& row : rows) {
    TransformSpec spec;
    spec.width = 50;
    spec.height = 50;
    spec.mode = row.mode;
    spec.gravity = row.gravity;
    EXPECT_EQ(lay_out(spec, whole_of({200, 100}), {}).canvas, row.canvas);
  }
}

TEST(Canvas, HasThePictureWhereGravitySaysAcrossAsWell) {
  TransformSpec spec;
  spec.width = 50;
  spec.height = 50;
  spec.mode = Mode::kPad;
  EXPECT_EQ(lay_out(spec, whole_of({100, 200}), {}).canvas, (Box{12, 0, {50, 50}}));
  spec.gravity = at(1, 0);
  EXPECT_EQ(lay_out(spec, whole_of({100, 200}), {}).canvas, (Box{25, 0, {50, 50}}));
  spec.height = 0;
  EXPECT_EQ(lay_out(spec, whole_of({100, 200}), {}).canvas, (Box{0, 0, {50, 100}}))
      << "there is no box without both sides";
}

TEST(Interest, IsLookedForInThePictureThatIsScaledOrInItsSource) {
  TransformSpec spec;
  spec.width = 50;
  spec.height = 50;
  spec.mode = Mode::kFill;
  spec.gravity.kind = Gravity::Kind::kSmart;
  const Layout shrinks = lay_out(spec, whole_of({200, 100}), {});
  EXPECT_EQ(shrinks.interest_before, std::nullopt);
  EXPECT_EQ(shrinks.interest_after, (Size{50, 50}));
  EXPECT_EQ(shrinks.plan.x, (Axis{200, 0, 200, 100, 0, 100}));
  const Layout grows = lay_out(spec, whole_of({40, 20}), {});
  EXPECT_EQ(grows.interest_before, (Size{20, 20}));
  EXPECT_EQ(grows.interest_after, std::nullopt);
  EXPECT_EQ(grows.plan.x, (Axis{20, 0, 20, 50, 0, 50}));
  EXPECT_EQ(grows.picture, (Size{50, 50}));
  spec.height = 25;
  EXPECT_EQ(lay_out(spec, whole_of({100, 200}), Turn(6)).interest_after, (Size{25, 50}))
      << "before the turn";
  const Layout turned = lay_out(spec, whole_of({20, 40}), Turn(6));
  EXPECT_EQ(turned.interest_before, (Size{20, 40})) << "before the turn";
  EXPECT_EQ(turned.plan.y, (Axis{40, 0, 40, 50, 0, 50}));
  spec.height = 10;
  EXPECT_EQ(lay_out(spec, whole_of({20, 40}), Turn(6)).interest_before, (Size{8, 40}));
}

TEST(Interest, OfADrawingIsLookedForInItsOwnProportions) {
  TransformSpec spec;
  spec.width = spec.height = 20;
  spec.mode = Mode::kFill;
  spec.gravity.kind = Gravity::Kind::kSmart;
  const Plan plan = lay_out(spec, whole_of({63, 32}), {}, RealSize{63.4, 31.7}).plan;
  EXPECT_EQ(plan.x, (Axis{63, 0, 63, 40, 0, 40}));
}

TEST(Lengths, AreMultipliedByDprAndNeverNothing) {
  TransformSpec spec;
  spec.width = 10;
  spec.dpr = 1.25;
  EXPECT_EQ(asked_size(spec), (Size{13, 0}));
  EXPECT_EQ(scaled_length(0, spec), 0);
  EXPECT_EQ(scaled_length(4, spec), 5);
  spec.dpr = 0.1;
  EXPECT_EQ(scaled_length(1, spec), 1);
  EXPECT_EQ(asked_size(spec), (Size{1, 0}));
  spec.width = kMaxOutputSide;
  spec.dpr = 8;
  EXPECT_EQ(asked_size(spec).width, 8 * kMaxOutputSide);
}

TEST(Turns, SwapSidesFrom5On) {
  for (int exif = 1; exif <= 8; ++exif) {
    EXPECT_EQ(Turn(exif).swaps_sides(), exif >= 5);
    EXPECT_EQ(Turn(exif).applied({3, 2}), exif >= 5 ? (Size{2, 3}) : (Size{3, 2}));
  }
  for (const int exif : {-1, 0, 9, 1000}) EXPECT_TRUE(Turn(exif).is_none());
}

TEST(Turns, OfFlipsAndQuarters) {
  EXPECT_TRUE(Turn(Flip{}).is_none());
  EXPECT_EQ(Turn(Flip{.horizontal = true}).exif(), 2);
  EXPECT_EQ(Turn(Flip{.horizontal = true, .vertical = true}).exif(), 3);
  EXPECT_EQ(Turn(Flip{.vertical = true}).exif(), 4);
  EXPECT_TRUE(Turn::quarters(0).is_none());
  EXPECT_EQ(Turn::quarters(1).exif(), 8) << "counter-clockwise";
  EXPECT_EQ(Turn::quarters(2).exif(), 3);
  EXPECT_EQ(Turn::quarters(3).exif(), 6);
  EXPECT_TRUE(Turn::quarters(4).is_none());
}

TEST(Turns, MakeAGroup) {
  for (int a = 1; a <= 8; ++a) {
    EXPECT_EQ(Turn(a).then(Turn()), Turn(a));
    EXPECT_EQ(Turn().then(Turn(a)), Turn(a));
    int inverses = 0;
    for (int b = 1; b <= 8; ++b) {
      inverses += Turn(a).then(Turn(b)).is_none() ? 1 : 0;
      for (int c = 1; c <= 8; ++c) {
        EXPECT_EQ(Turn(a).then(Turn(b)).then(Turn(c)), Turn(a).then(Turn(b).then(Turn(c))));
      }
    }
    EXPECT_EQ(inverses, 1);
  }
  EXPECT_EQ(Turn(6).then(Turn(Flip{.horizontal = true})), Turn(5)) << "first turned, then flipped";
}

TEST(Turns, UndoneGoBackToWhatIsStored) {
  const Size stored{10, 6};
  const Box stored_box{1, 2, {3, 4}};
  // The same part, as it is seen with each orientation.
  const Box seen[] = {{1, 2, {3, 4}}, {6, 2, {3, 4}}, {6, 0, {3, 4}}, {1, 0, {3, 4}},
                      {2, 1, {4, 3}}, {0, 1, {4, 3}}, {0, 6, {4, 3}}, {2, 6, {4, 3}}};
  for (int exif = 1; exif <= 8; ++exif)
    EXPECT_EQ(Turn(exif).undone(seen[exif - 1], stored), stored_box) << exif;
}

TEST(Cut, IsClampedAndInStoredPixels) {
  const auto cut = [](CropBox crop, int orientation, bool orient = true) {
    TransformSpec spec;
    spec.crop = crop;
    spec.orient = orient;
    return cut_of(spec, {10, 6}, orientation);
  };
  EXPECT_EQ(*cut({1, 2, 4, 6}, 1), (Box{1, 2, {3, 4}}));
  EXPECT_EQ(*cut({-5, -5, 100, 100}, 1), whole_of({10, 6}));
  EXPECT_EQ(*cut({-5, -5, 100, 100}, 6), whole_of({10, 6}));
  EXPECT_EQ(*cut({0, 1, 4, 4}, 6), (Box{1, 2, {3, 4}}));
  EXPECT_EQ(*cut({1, 2, 4, 6}, 6, false), (Box{1, 2, {3, 4}})) << "as stored";
  EXPECT_EQ(cut({10, 0, 20, 6}, 1).error().kind, ErrorKind::kInvalidParam);
  EXPECT_EQ(cut({3, 3, 3, 6}, 1).error().kind, ErrorKind::kInvalidParam);
  EXPECT_EQ(*cut_of({}, {10, 6}, 5), whole_of({10, 6}));
}

TEST(RotatedSize, IsTheSmallestBox) {
  EXPECT_EQ(rotated_size({60, 40}, 90), (Size{40, 60}));
  EXPECT_EQ(rotated_size({60, 40}, 180), (Size{60, 40}));
  EXPECT_EQ(rotated_size({100, 100}, 45), (Size{142, 142}));
  EXPECT_EQ(rotated_size({60, 40}, 30), (Size{72, 65}));
  EXPECT_EQ(rotated_size({60, 40}, 330), (Size{72, 65}));
  EXPECT_EQ(rotated_size({1, 1}, 45), (Size{2, 2}));
  constexpr int kLargest = std::numeric_limits<int>::max();
  EXPECT_EQ(rotated_size({kLargest, kLargest}, 45), (Size{kLargest, kLargest}));
}

TEST(Turns, FollowTheOrientationUnlessItIsLeftAlone) {
  TransformSpec spec;
  spec.flip.horizontal = true;
  EXPECT_EQ(turn_of(spec, 6), Turn(6).then(Turn(2)));
  spec.orient = false;
  EXPECT_EQ(turn_of(spec, 6), Turn(2));
}

TEST(Rotation, QuarterTurnsAreTurns) {
  TransformSpec spec;
  for (const double degrees : {0.0, 90.0, 180.0, 270.0}) {
    spec.rotation = degrees;
    const Turn turn = turn_of(spec, 1);
    EXPECT_EQ(turn, Turn::quarters(static_cast<int>(degrees / 90)));
    EXPECT_EQ(lay_out(spec, whole_of({60, 40}), turn).rotation, 0);
  }
  spec.rotation = 30;
  EXPECT_TRUE(turn_of(spec, 1).is_none());
  EXPECT_EQ(lay_out(spec, whole_of({60, 40}), {}).rotation, 30);
  EXPECT_EQ(lay_out(spec, whole_of({60, 40}), {}).picture, (Size{72, 65}));
}

// The plan for a frame that is stored as EXIF's orientation says.
Plan plan_as_stored(Size seen, Size result, int orientation) {
  const Turn turn(orientation);
  return make_plan(turn.applied(seen), result, Mode::kFill, turn);
}

TEST(AsStored, IsTheSamePlanWhereTheFrameIsUpright) {
  EXPECT_EQ(plan_as_stored({100, 200}, {50, 51}, 1), make_plan({100, 200}, {50, 51}, Mode::kFill));
}

TEST(AsStored, SwapsAndMirrorsSides) {
  // As seen 100 x 201; 150 of 201 rows are cut away unevenly, 75 above and 76 below.
  const Plan plan = make_plan({100, 201}, {100, 50}, Mode::kFill);
  ASSERT_EQ(plan.y, (Axis{201, 0, 201, 201, 75, 50}));
  const Axis mirrored{201, 0, 201, 201, 76, 50};
  const auto stored = [](int orientation) {
    return plan_as_stored({100, 201}, {100, 50}, orientation);
  };
  EXPECT_EQ(stored(2).y, plan.y);
  EXPECT_EQ(stored(3).y, mirrored);
  EXPECT_EQ(stored(4).y, mirrored);
  EXPECT_EQ(stored(5).x, plan.y);
  EXPECT_EQ(stored(6).x, plan.y);
  EXPECT_EQ(stored(7).x, mirrored);
  EXPECT_EQ(stored(8).x, mirrored);
  EXPECT_EQ(stored(8).y, plan.x);
}

TEST(AsStored, MirrorsWhatIsCutFirst) {
  const Plan plan = make_plan({10, 101}, {100, 15}, Mode::kFill);
  const Plan stored = plan_as_stored({10, 101}, {100, 15}, 4);
  EXPECT_EQ(stored.y.start, 101 - plan.y.start - plan.y.length);
  EXPECT_EQ(stored.y.offset, plan.y.scaled - plan.y.offset - plan.y.size);
}

}  // namespace
}  // namespace imageserver
