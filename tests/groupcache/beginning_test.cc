#include "groupcache/beginning.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace imageserver {
namespace {

std::vector<std::string> beginnings(std::string_view name) {
  std::vector<std::string> all;
  visit_beginnings(name, [&all](const Beginning& beginning) {
    EXPECT_EQ(beginning.hash, BeginningHash()(beginning.text)) << beginning.text;
    all.emplace_back(beginning.text);
  });
  return all;
}

using Names = std::vector<std::string>;

TEST(BeginningTest, EachEndsBeforeASlashAndTheLastIsTheName) {
  EXPECT_EQ(beginnings("a"), Names({"a"}));
  EXPECT_EQ(beginnings("a/bc/d"), Names({"a", "a/bc", "a/bc/d"}));
  EXPECT_EQ(beginnings("/a//"), Names({"", "/a", "/a/", "/a//"}));
  EXPECT_EQ(beginnings(""), Names({""}));
}

// FNV-1a as its authors publish it.
TEST(BeginningTest, TheHashIsTheKnownOne) {
  EXPECT_EQ(BeginningHash()(std::string_view()), 0xcbf29ce484222325U);
  EXPECT_EQ(BeginningHash()(std::string_view("a")), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(BeginningHash()(std::string_view("foobar")), 0x85944171f73967e8U);
}

}  // namespace
}  // namespace imageserver
