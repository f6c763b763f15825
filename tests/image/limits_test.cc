#include "image/limits.h"

#include <gtest/gtest.h>

#include "imageserver/source.h"

namespace imageserver {
namespace {

TEST(Limits, BytesOfASource) {
  EXPECT_EQ(check_bytes(kMaxSourceBytes), std::nullopt);
  EXPECT_EQ(check_bytes(kMaxSourceBytes + 1),
            (Error{ErrorKind::kUnprocessable, "the picture is larger than 20 MiB"}));
}

TEST(Limits, PixelsOfASource) {
  const Error error{ErrorKind::kUnprocessable, "the picture is larger than 50 megapixels"};
  EXPECT_EQ(check_source({10'000, 5'000}, 1, {}), std::nullopt);
  EXPECT_EQ(check_source({10'000, 5'001}, 1, {}), error);
  EXPECT_EQ(check_source({1'000, 500}, 100, {}), std::nullopt);
  EXPECT_EQ(check_source({1'000, 501}, 100, {}), error);
  EXPECT_EQ(check_source({2'147'483'647, 2'147'483'647}, 1, {}), error);
}

TEST(Limits, SidesOfAResult) {
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
}

}  // namespace
}  // namespace imageserver
