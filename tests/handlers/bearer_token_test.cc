#include "handlers/bearer_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace imageserver {
namespace {

using ::testing::HasSubstr;

std::optional<std::string_view> token_of(std::string_view value) {
  static std::array<Field, 1> fields;
  fields = {{{"authorization", value}}};
  return bearer_token(Request(Method::kGet, "/", fields));
}

TEST(BearerTokenTest, IsWhatStandsBehindTheScheme) {
  EXPECT_EQ(token_of("Bearer abc"), "abc");
  EXPECT_EQ(token_of("bearer   abc "), "abc") << "RFC 9110, section 11.1";
  EXPECT_EQ(token_of("Bearer a b"), "a b");
  EXPECT_EQ(token_of("Bearer"), "");
}

TEST(BearerTokenTest, OtherSchemesHaveNone) {
  EXPECT_EQ(token_of("Basic abc"), std::nullopt);
  EXPECT_EQ(token_of("Bearerabc"), std::nullopt);
  EXPECT_EQ(token_of(""), std::nullopt);
  EXPECT_EQ(bearer_token(Request()), std::nullopt);
}

TEST(BearerTokenTest, WhoBroughtNoneIsToldNoError) {
  const Response missing = token_missing("needs a token");
  EXPECT_EQ(missing.status, 401U);
  EXPECT_EQ(missing.prefix, "needs a token\n");
  EXPECT_THAT(missing.fields, HasSubstr("WWW-Authenticate: Bearer realm=\"imageserver\"\r\n"));
  const Response wrong = token_wrong("not this");
  EXPECT_EQ(wrong.status, 401U);
  EXPECT_THAT(wrong.fields, HasSubstr("Bearer realm=\"imageserver\", error=\"invalid_token\"\r\n"));
}

}  // namespace
}  // namespace imageserver
