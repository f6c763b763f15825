#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>

#include "integration/harness/node.h"

namespace imageserver::testing {
namespace {

using ::testing::StartsWith;

struct BadParam {
  std::string query;
  std::string name;  // of the parameter that the answer must name

  friend std::ostream& operator<<(std::ostream& out, const BadParam& bad) {
    return out << bad.query;
  }
};

class BadParams : public ::testing::TestWithParam<BadParam> {
 protected:
  static void SetUpTestSuite() { node_ = std::make_unique<Node>(); }
  static void TearDownTestSuite() { node_.reset(); }

  static inline std::unique_ptr<Node> node_;
};

TEST_P(BadParams, AreRefusedAndLoadNothing) {
  const auto [query, name] = GetParam();
  const Reply reply = node_->get("/medium.jpg?" + query);
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, StartsWith("invalid param \"" + name + "\": "));
  EXPECT_EQ(reply.body.find('\n'), reply.body.size() - 1) << "one line";
  EXPECT_EQ(reply.field("Cache-Control"), "no-store");
  EXPECT_EQ(node_->counter("Group/Gets"), 0U);
  EXPECT_EQ(node_->counter("Group/Loads"), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadParams,
    ::testing::Values(
        BadParam{"width=-1", "width"}, BadParam{"height=-1", "height"},
        BadParam{"width=8193", "width"}, BadParam{"height=8193", "height"},
        BadParam{"width=2147483648", "width"}, BadParam{"width=9223372036854775807", "width"},
        BadParam{"width=9223372036854775808", "width"}, BadParam{"width=abc", "width"},
        BadParam{"width=1.5", "width"}, BadParam{"width=0x10", "width"},
        BadParam{"width=%2010", "width"}, BadParam{"width=10%00", "width"},
        BadParam{"width=8000&height=8000", "width"}, BadParam{"mode=crop", "mode"},
        BadParam{"mode=FIT", "mode"}, BadParam{"mode=fit]%20source:small.jpg", "mode"},
        BadParam{"resampling=best", "resampling"}, BadParam{"format=bmp", "format"},
        BadParam{"format=svg", "format"}, BadParam{"format=JPG", "format"},
        BadParam{"format=../x", "format"}, BadParam{"quality=0", "quality"},
        BadParam{"quality=101", "quality"}, BadParam{"quality=-1", "quality"},
        BadParam{"quality=high", "quality"}, BadParam{"mode=%0d%0aX-Injected:%201", "mode"}));

class OversizedResults : public BadParams {};

// Only its header tells that the other side would be too long: it is read, and nothing is decoded.
TEST_P(OversizedResults, AreRefusedOnceTheOtherSideIsKnown) {
  const auto [target, name] = GetParam();
  const Reply reply = node_->get(target);
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, StartsWith("invalid param \"" + name + "\": "));
}

INSTANTIATE_TEST_SUITE_P(Table, OversizedResults,
                         ::testing::Values(BadParam{"/small.jpg?width=8192", "width"},
                                           BadParam{"/medium.jpg?height=8192", "height"},
                                           BadParam{"/huge.jpg?width=6400", "width"},
                                           BadParam{"/animated.gif?width=2200", "width"}));

TEST(GoodParams, WhatGoLetsPass) {
  const Node node;
  for (const std::string query :
       {"width=0", "width=&height=", "width=10&width=-1", "unknown=1", "WIDTH=-1", "width=%2B10",
        "mode=fit", "mode=fill&width=10", "quality=1", "quality=100", "format=jpg", "?", "&&=&",
        "width=8192&height=1", "resampling=nearest_neighbor&width=9"}) {
    EXPECT_EQ(node.get("/small.jpg?" + query).status, 200) << query;
  }
}

}  // namespace
}  // namespace imageserver::testing
