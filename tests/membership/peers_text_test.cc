#include "membership/peers_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace imageserver {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names_in(std::string_view text) {
  const View view = parse_peers(text);
  EXPECT_TRUE(view.has_value()) << text;
  return view.has_value() ? *view : std::vector<std::string>();
}

std::string failure_of(std::string_view text) {
  const View view = parse_peers(text);
  EXPECT_TRUE(view.has_error()) << text;
  return view.has_error() ? view.error().message : "";
}

TEST(PeersTextTest, HasANameALine) {
  EXPECT_THAT(names_in("b:2\na:1\n"), ElementsAre("a:1", "b:2"));
  EXPECT_THAT(names_in("a:1"), ElementsAre("a:1"));
}

TEST(PeersTextTest, MayHaveNamesBetweenCommas) {
  EXPECT_THAT(names_in("a:1,b:2\nc:3"), ElementsAre("a:1", "b:2", "c:3"));
  EXPECT_THAT(names_in("a:1,,b:2,\n"), ElementsAre("a:1", "b:2"));
}

TEST(PeersTextTest, BlanksDoNotMatter) {
  EXPECT_THAT(names_in("\r\n  a:1 ,\tb:2\t\r\n\n   \nc:3\r\n"), ElementsAre("a:1", "b:2", "c:3"));
}

TEST(PeersTextTest, LinesThatBeginWithAHashSayNothing) {
  EXPECT_THAT(names_in("# all of them, really\na:1\n  #b:2\n"), ElementsAre("a:1"));
}

TEST(PeersTextTest, AMalformedNameIsReportedWithItsLine) {
  EXPECT_EQ(failure_of("a:1\n\n# more\nb:2, c\n"), "line 4: \"c\" is no host:port");
  EXPECT_THAT(failure_of("a:1 # the first\n"), HasSubstr("line 1"));
  EXPECT_THAT(failure_of(std::string_view("a:1\0\nb:2", 8)), HasSubstr("line 1: \"a:1?\""));
}

TEST(PeersTextTest, ATextWithoutNamesIsAnError) {
  for (const std::string_view text : {"", "\n\n", "# nothing\n", " , ,\n"}) {
    EXPECT_EQ(failure_of(text), "no names");
  }
}

}  // namespace
}  // namespace imageserver
