#include "peers/wire/context_header.h"

#include <gtest/gtest.h>

#include <string>

#include "params/parse_target.h"
#include "support/vectors.h"

namespace imageserver {
namespace {

TEST(ContextHeader, ReadsEveryHeaderAGoNodeSent) {
  const nlohmann::json vectors = testing::read_vectors("go-ring.json").at("vectors");
  int seen = 0;
  for (const auto& vector : vectors) {
    if (!vector.contains("go_context_header")) continue;
    SCOPED_TRACE(vector.at("request").get<std::string>());
    const auto params = decode_context_header(vector.at("go_context_header").get<std::string>());
    ASSERT_TRUE(params.has_value()) << params.error().message;
    EXPECT_EQ(params->text(), vector.at("params"));
    EXPECT_EQ(params->key(), vector.at("key"));
    ++seen;
  }
  EXPECT_GE(seen, 15);
}

TEST(ContextHeader, WhatARequestAsksForComesBack) {
  const nlohmann::json vectors = testing::read_vectors("go-ring.json").at("vectors");
  ASSERT_FALSE(vectors.empty());
  for (const auto& vector : vectors) {
    const Params params = parse_target(vector.at("request").get<std::string>()).value();
    EXPECT_EQ(decode_context_header(encode_context_header(params)).value(), params);
  }
}

TEST(ContextHeader, TheLongestSourceFits) {
  Params params;
  params.insert("source", std::string(4'096, 'x'));
  EXPECT_EQ(decode_context_header(encode_context_header(params)).value(), params);
}

TEST(ContextHeader, AnythingElseIsABadRequest) {
  const std::string header = encode_context_header(Params());
  for (const std::string& text : {std::string(), header + "=", header + "A", header + "AA",
                                  header + "\n", " " + header, std::string(20'000, 'A')}) {
    const Result<Params> params = decode_context_header(text);
    ASSERT_TRUE(params.has_error()) << text;
    EXPECT_EQ(params.error().kind, ErrorKind::kBadRequest);
  }
}

TEST(ContextHeader, SaysWhatIsWrongWithTheText) {
  EXPECT_EQ(decode_context_header("Zg==").error(),
            (Error{ErrorKind::kBadRequest, "invalid base64url"}));
}

}  // namespace
}  // namespace imageserver
