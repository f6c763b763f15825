#include "params/ignored_params.h"

#include <gtest/gtest.h>

#include <string>

#include "params/parameter_table.h"
#include "params/parse_target.h"

namespace imageserver {
namespace {

TEST(IgnoredParamsTest, AreThoseThatNobodyKnows) {
  EXPECT_EQ(ignored_params("/a?w=100"), "w");
  EXPECT_EQ(ignored_params("/a?w=100&width=5&utm_source=x&h"), "w, utm_source, h");
  EXPECT_EQ(ignored_params("/a?Width=5"), "Width");
  for (const Parameter& parameter : parameters()) {
    EXPECT_EQ(ignored_params("/a?" + std::string(parameter.name) + "=1"), "");
  }
  EXPECT_EQ(ignored_params("/a?source=b&gift_resize=1&accept=webp"), "source, gift_resize, accept")
      << "a query cannot name these";
}

TEST(IgnoredParamsTest, AreThoseThatCannotBeRead) {
  EXPECT_EQ(ignored_params("/a?width=5%zz"), "width");
  EXPECT_EQ(ignored_params("/a?width=5;height=6"), "width");
  EXPECT_EQ(ignored_params("/a?wid%zzth=5"), "wid%25zzth");
}

TEST(IgnoredParamsTest, WithoutAQueryThereAreNone) {
  for (const char* target : {"", "/", "/a", "/a?", "/a?&&", "/a?=5", "/w=1"}) {
    EXPECT_EQ(ignored_params(target), "") << target;
    EXPECT_EQ(all_params(target), "") << target;
  }
}

TEST(IgnoredParamsTest, StandOnceEach) {
  EXPECT_EQ(ignored_params("/a?w=1&h=1&w=2&%77=3"), "w, h");
}

TEST(IgnoredParamsTest, AreTokensWhateverTheNames) {
  EXPECT_EQ(ignored_params("/a?a%0d%0aSet-Cookie:%20b=1"), "a%0D%0ASet-Cookie%3A%20b");
  EXPECT_EQ(ignored_params("/a?a,b=1&%22=2&%ff=3&%00&-._~"), "a%2Cb, %22, %FF, %00, -._~");
}

TEST(IgnoredParamsTest, AreABoundedList) {
  std::string target = "/a?";
  for (int i = 1; i <= 8; ++i) target += "p" + std::to_string(i) + "&";
  EXPECT_EQ(ignored_params(target), "p1, p2, p3, p4, p5, p6, p7, p8");
  EXPECT_EQ(ignored_params(target + "p1"), "p1, p2, p3, p4, p5, p6, p7, p8");
  EXPECT_EQ(ignored_params(target + "p9&p10"), "p1, p2, p3, p4, p5, p6, p7, p8, ...");
  EXPECT_EQ(ignored_params("/a?" + std::string(64, 'x')), std::string(64, 'x'));
  EXPECT_EQ(ignored_params("/a?" + std::string(65, 'x')), std::string(64, 'x') + "...");
  std::string worst = "/a?";
  for (char c = 'a'; c <= 'z'; ++c) {
    worst += c;
    for (int i = 0; i < 100; ++i) worst += "%00";
    worst += '&';
  }
  EXPECT_LT(ignored_params(worst).size(), 1700U);
}

TEST(IgnoredParamsTest, AreWhatStrictRulesRefuse) {
  for (const char* target : {"/a?w=1", "/a?width=1&h=1", "/a?width=5%zz", "/a?width=5;",
                             "/a?width=5", "/a?quality=&mode=fit", "/a?"}) {
    const bool refused = parse_target(target, {.presets = nullptr, .strict = true}).has_error();
    EXPECT_EQ(ignored_params(target).empty(), !refused) << target;
  }
}

TEST(AllParamsTest, AreTheKnownOnesToo) {
  EXPECT_EQ(all_params("/a?width=100&w=1&height"), "width, w, height");
}

}  // namespace
}  // namespace imageserver
