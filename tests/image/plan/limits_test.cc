#include "image/plan/limits.h"

#include <gtest/gtest.h>

#include "params/size_limits.h"
#include "source/source.h"

namespace imageserver {
namespace {

TEST(Limits, BytesOfASourceAreLimited) {
  EXPECT_EQ(check_bytes(kMaxSourceBytes), std::nullopt);
  EXPECT_EQ(check_bytes(kMaxSourceBytes + 1),
            (Error{ErrorKind::kUnprocessable, "the picture is larger than 20 MiB"}));
}

TEST(Limits, PixelsOfASourceAreLimited) {
  const Error error{ErrorKind::kUnprocessable, "the picture is larger than 50 megapixels"};
  EXPECT_EQ(check_source({10'000, 5'000}, 1, {}), std::nullopt);
  EXPECT_EQ(check_source({10'000, 5'001}, 1, {}), error);
  EXPECT_EQ(check_source({1'000, 500}, 100, {}), std::nullopt);
  EXPECT_EQ(check_source({1'000, 501}, 100, {}), error);
  EXPECT_EQ(check_source({2'147'483'647, 2'147'483'647}, 1, {}), error);
}

TEST(Limits, RowsOfAllFramesAreLimited) {
  const ImageLimits many{.max_pixels = 1'000'000'000, .max_frames = 1000};
  EXPECT_EQ(check_source({1, 10'000}, 1000, many), std::nullopt);
  EXPECT_EQ(check_source({1, 10'001}, 1000, many),
            (Error{ErrorKind::kUnprocessable,
                   "the picture is larger than 10000000 rows, over all its frames"}));
}

TEST(Limits, PixelsOfTheCodedPartsAreLimited) {
  EXPECT_EQ(check_coded(0, {}), std::nullopt);
  EXPECT_EQ(check_coded(62'500'000, {}), std::nullopt);
  EXPECT_EQ(check_coded(62'500'001, {}),
            (Error{ErrorKind::kUnprocessable, "the picture is larger than 50 megapixels"}));
}

TEST(Limits, ALargePictureHasFewerScansThanASmallOne) {
  EXPECT_EQ(max_scans({0, 0}), 100);
  EXPECT_EQ(max_scans({1, 1}), 100);
  EXPECT_EQ(max_scans({4000, 2500}), 100);
  EXPECT_EQ(max_scans({4000, 3125}), 80);
  EXPECT_EQ(max_scans({5000, 4000}), 50);
  EXPECT_EQ(max_scans({10'000, 5000}), 20);
  EXPECT_EQ(max_scans({20'000, 20'000}), 20);
}

// Of a result of that size, made at once.
std::optional<Error> check_result(Size size, int frames, const TransformSpec& spec) {
  Layout layout;
  layout.picture = size;
  layout.canvas = whole_of(size);
  return check_layout(layout, frames, spec, {});
}

TEST(Limits, SidesOfAResultAreLimited) {
  TransformSpec spec;
  spec.width = 8192;
  EXPECT_EQ(check_result({8192, 1}, 1, spec), std::nullopt);
  const Error error{ErrorKind::kInvalidParam,
                    "invalid param \"width\": the result would be larger than 8192 pixels a side"};
  EXPECT_EQ(check_result({8192, 8193}, 1, spec), error);
}

TEST(Limits, PixelsOfAResultCountAllFrames) {
  TransformSpec spec;
  spec.height = 500;
  EXPECT_EQ(check_result({8000, 5000}, 1, spec), std::nullopt);
  EXPECT_EQ(check_result({800, 500}, 100, spec), std::nullopt);
  const Error error{ErrorKind::kInvalidParam,
                    "invalid param \"height\": the result would be larger than 40 megapixels"};
  EXPECT_EQ(check_result({8000, 5001}, 1, spec), error);
  EXPECT_EQ(check_result({801, 500}, 100, spec), error);
}

TEST(Limits, TheErrorNamesWhatWasGiven) {
  const auto message = [](const TransformSpec& spec) {
    return check_result({9000, 1}, 1, spec)->message;
  };
  TransformSpec spec;
  spec.quality = 50;
  EXPECT_TRUE(message(spec).starts_with("invalid param \"quality\": ")) << message(spec);
  spec.format = Format::kPng;
  EXPECT_TRUE(message(spec).starts_with("invalid param \"format\": ")) << message(spec);
  spec.height = 1;
  EXPECT_TRUE(message(spec).starts_with("invalid param \"height\": ")) << message(spec);
  spec.width = 1;
  EXPECT_TRUE(message(spec).starts_with("invalid param \"width\": ")) << message(spec);
  spec.dpr = 0.5;
  EXPECT_TRUE(message(spec).starts_with("invalid param \"width\": ")) << message(spec);
  spec.dpr = 1.25;
  EXPECT_TRUE(message(spec).starts_with("invalid param \"dpr\": ")) << message(spec);
  spec.width = 0;
  EXPECT_TRUE(message(spec).starts_with("invalid param \"dpr\": ")) << message(spec);
  TransformSpec unscaled;
  unscaled.dpr = 8;
  EXPECT_EQ(message(unscaled), "the picture is larger than 8192 pixels a side") << "no length";
  TransformSpec turned;
  turned.rotation = 1;
  EXPECT_TRUE(message(turned).starts_with("invalid param \"rotation\": ")) << message(turned);
}

TEST(Limits, ThePictureInsideACanvasCountsAsTheCanvasDoes) {
  Layout layout;
  layout.picture = {100, 100};
  layout.canvas = {0, 0, {9000, 10}};
  EXPECT_TRUE(check_layout(layout, 1, {}, {}));
  layout.canvas = {0, 0, {100, 100}};
  layout.picture = {10, 9000};
  EXPECT_TRUE(check_layout(layout, 1, {}, {}));
  layout.picture = {8000, 5001};
  EXPECT_TRUE(check_layout(layout, 1, {}, {}));
  layout.picture = {100, 100};
  EXPECT_FALSE(check_layout(layout, 1, {}, {}));
}

TEST(Limits, PixelsOfARotatedFrameAreLimited) {
  Layout layout;
  layout.picture = {100, 100};
  layout.canvas = whole_of(layout.picture);
  layout.rotation = 45;
  layout.frame = {10'000, 12'500};
  EXPECT_EQ(check_layout(layout, 1, {}, {}), std::nullopt);
  layout.frame = {10'000, 12'501};
  EXPECT_EQ(check_layout(layout, 1, {}, {}),
            (Error{ErrorKind::kInvalidParam,
                   "invalid param \"rotation\": the picture is too long to be turned by that"}));
  layout.rotation = 1;
  EXPECT_TRUE(check_layout(layout, 1, {}, {}));
  layout.rotation = 0;
  EXPECT_EQ(check_layout(layout, 1, {}, {}), std::nullopt);
}

TEST(Limits, PixelsOfAnAvifAreLimited) {
  EXPECT_EQ(check_codec(Format::kAvif, {4000, 4000}), std::nullopt);
  EXPECT_EQ(check_codec(Format::kAvif, {40, 40}), std::nullopt);
  EXPECT_EQ(check_codec(Format::kWebp, {4001, 4000}), std::nullopt);
  EXPECT_EQ(
      check_codec(Format::kAvif, {4001, 4000}),
      (Error{ErrorKind::kInvalidParam,
             "invalid param \"format\": the result in AVIF would be larger than 16 megapixels"}));
}

}  // namespace
}  // namespace imageserver
