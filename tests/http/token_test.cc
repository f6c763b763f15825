#include "http/token.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

TEST(TokenTest, HasTheCharactersOfTheStandard) {
  std::string all;
  for (int c = 0; c < 256; ++c) {
    if (is_token_char(static_cast<char>(c))) all += static_cast<char>(c);
  }
  EXPECT_EQ(all, "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
}

TEST(TokenTest, IsNotEmptyAndHasNothingElse) {
  EXPECT_TRUE(is_token("x"));
  EXPECT_TRUE(is_token("Max-Age"));
  EXPECT_FALSE(is_token(""));
  EXPECT_FALSE(is_token("a b"));
  EXPECT_FALSE(is_token("a="));
  EXPECT_FALSE(is_token(" a"));
}

}  // namespace
}  // namespace imageserver
