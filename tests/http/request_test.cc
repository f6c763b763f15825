#include "http/request.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(RequestTest, ThePathEndsBeforeTheFirstQuestionMark) {
  EXPECT_EQ(Request(Method::kGet, "/a?b?c", {}).path(), "/a");
  EXPECT_EQ(Request(Method::kGet, "/a%3Fb", {}).path(), "/a%3Fb");
  EXPECT_EQ(Request(Method::kGet, "?b", {}).path(), "");
}

TEST(RequestTest, FieldNamesHaveNoCase) {
  EXPECT_TRUE(same_field_name("If-None-Match", "if-none-MATCH"));
  EXPECT_FALSE(same_field_name("If-None-Match", "If-None"));
}

}  // namespace
}  // namespace imageserver
