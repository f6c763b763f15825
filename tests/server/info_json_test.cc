#include "server/info_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace imageserver {
namespace {

Description upright_photograph() {
  Description description;
  description.header = {
      .type = FileType::kJpeg, .stored = {360, 240}, .pages = 1, .orientation = 1, .alpha = false};
  description.bytes = 1234;
  description.dominant = {.red = 10, .green = 0, .blue = 255};
  description.blurhash = "LEHV6nWB2yk8";
  return description;
}

TEST(InfoJsonTest, WritesEveryFieldInAFixedOrder) {
  EXPECT_EQ(info_json(upright_photograph()),
            "{\n"
            "\t\"Format\": \"jpeg\",\n"
            "\t\"Bytes\": 1234,\n"
            "\t\"Width\": 360,\n"
            "\t\"Height\": 240,\n"
            "\t\"Orientation\": 1,\n"
            "\t\"Frames\": 1,\n"
            "\t\"Alpha\": false,\n"
            "\t\"Profile\": null,\n"
            "\t\"DominantColor\": \"#0a00ff\",\n"
            "\t\"BlurHash\": \"LEHV6nWB2yk8\"\n"
            "}\n");
}

TEST(InfoJsonTest, WidthAndHeightAreThoseAfterTheOrientation) {
  Description turned = upright_photograph();
  turned.header.orientation = 6;
  const auto json = nlohmann::json::parse(info_json(turned));
  EXPECT_EQ(json.at("Width"), 240);
  EXPECT_EQ(json.at("Height"), 360);
  EXPECT_EQ(json.at("Orientation"), 6);
}

TEST(InfoJsonTest, WhateverAProfileCallsItselfIsAString) {
  Description odd = upright_photograph();
  odd.profile = "P\"3\"\n\xff";
  EXPECT_EQ(nlohmann::json::parse(info_json(odd)).at("Profile"), "P\"3\"\n\xef\xbf\xbd");
}

}  // namespace
}  // namespace imageserver
