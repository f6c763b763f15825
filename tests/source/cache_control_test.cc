#include "source/cache_control.h"

#include <gtest/gtest.h>

#include <optional>
#include <string_view>
#include <vector>

namespace imageserver {
namespace {

using Directives = std::vector<CacheDirective>;

CacheDirective directive(std::string_view name, std::string_view argument = {}) {
  return {.name = std::string(name), .argument = std::string(argument)};
}

TEST(CacheControlTest, HasTheDirectivesOfTheLineInOrder) {
  EXPECT_EQ(
      parse_cache_control("max-age=60, public,no-transform"),
      (Directives{directive("max-age", "60"), directive("public"), directive("no-transform")}));
  EXPECT_EQ(parse_cache_control("a=1, a=2, a"),
            (Directives{directive("a", "1"), directive("a", "2"), directive("a")}));
}

TEST(CacheControlTest, ANameIsInLowerCaseAndAnArgumentIsAsItWasWritten) {
  EXPECT_EQ(parse_cache_control("Max-AGE=Sixty"), Directives{directive("max-age", "Sixty")});
}

TEST(CacheControlTest, AnElementOfTheListMayBeEmpty) {
  EXPECT_EQ(parse_cache_control(""), Directives{});
  EXPECT_EQ(parse_cache_control(" ,\t, "), Directives{});
  EXPECT_EQ(parse_cache_control(", a ,\t,b\t,"), (Directives{directive("a"), directive("b")}));
}

TEST(CacheControlTest, AnArgumentMayBeQuoted) {
  EXPECT_EQ(parse_cache_control(R"(max-age="60")"), Directives{directive("max-age", "60")});
  EXPECT_EQ(parse_cache_control(R"(a="" , b)"), (Directives{directive("a"), directive("b")}));
  EXPECT_EQ(parse_cache_control(R"(a="no-store, b=1", c)"),
            (Directives{directive("a", "no-store, b=1"), directive("c")}));
  EXPECT_EQ(parse_cache_control(R"(a="\6\"\\,", b)"),
            (Directives{directive("a", R"(6"\,)"), directive("b")}));
  EXPECT_EQ(parse_cache_control("a=\"\xe4\""), Directives{directive("a", "\xe4")});
}

TEST(CacheControlTest, AnArgumentMayBeEmpty) {
  EXPECT_EQ(parse_cache_control("a=,b="), (Directives{directive("a"), directive("b")}));
}

TEST(CacheControlTest, WhatIsNoListIsNone) {
  for (const std::string_view line : {"=",        "=60",      "a b",     "no-store no-cache",
                                      "a; b",     "a=1;",     "a=1; b",  "a =1",
                                      "a= 1",     "a==",      "a=1=2",   "\"a\"",
                                      "a=\"",     "a=\"b",    "a=\"b\\", "a=\"b\\\"",
                                      "a=\"b\"c", "a=b\"c\"", "a, =",    "a, b c",
                                      "a\xe4",    "a=\xe4",   "(a)"}) {
    EXPECT_EQ(parse_cache_control(line), std::nullopt) << line;
  }
}

}  // namespace
}  // namespace imageserver
