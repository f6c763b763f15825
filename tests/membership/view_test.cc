#include "membership/view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace imageserver {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> many_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back("node:" + std::to_string(i));
  return names;
}

TEST(ViewTest, HoldsEachNameOnceInOrder) {
  const View view = make_view({"b:2", ":1", "[::1]:3", "b:2", "a:9"});
  ASSERT_TRUE(view.has_value());
  EXPECT_THAT(*view, ElementsAre(":1", "[::1]:3", "a:9", "b:2"));
}

TEST(ViewTest, MayBeEmpty) { EXPECT_TRUE(make_view({})->empty()); }

TEST(ViewTest, FailsOnAMalformedName) {
  for (const std::string name : {"", "host", "host:0", "host:", "host:65536", "a b:1", "::1:80",
                                 "[::1]", "http://host:80", "h\n:1"}) {
    const View view = make_view({"a:1", name});
    ASSERT_TRUE(view.has_error()) << name;
    EXPECT_THAT(view.error().message, HasSubstr("is no host:port"));
    EXPECT_THAT(view.error().message, testing::Not(HasSubstr("\n")));
  }
}

TEST(ViewTest, HasABound) {
  EXPECT_TRUE(make_view(many_names(kMaxNames)).has_value());
  EXPECT_TRUE(make_view(many_names(kMaxNames + 1)).has_error());
}

}  // namespace
}  // namespace imageserver
