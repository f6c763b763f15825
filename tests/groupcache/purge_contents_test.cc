#include "groupcache/purge_contents.h"

#include <gtest/gtest.h>

#include <string>

#include "support/purges.h"

namespace imageserver {
namespace {

using testing::purge_below;
using testing::purge_of;
using testing::purge_of_all;

const std::string kFloor = "5.0;" + std::string(64, '0') + '\n';

TEST(PurgeContentsTest, TheFloorComesFirstThenALineForEachRecord) {
  const PurgeContents contents = {.records = {purge_of("a", 6), purge_of_all(7)},
                                  .floor = {.stamp = {5, 0}}};
  EXPECT_EQ(contents_text(contents),
            kFloor + "source-6;6.0;hard;source;a\n" + "all-7;7.0;hard;all\n");
}

TEST(PurgeContentsTest, ATextIsReadAsItWasWritten) {
  PurgeContents contents;
  EXPECT_EQ(parse_contents(contents_text(contents)), contents);
  contents.floor.stamp = {5, 0};
  contents.floor.fallen.toggle(sha256("a"));
  contents.floor.doubts.add({.stamp = {8, 0}, .id = std::string(32, 'a')});
  contents.records = {purge_of("a", 6), purge_below({"b"}, 7), purge_of("c", 7, true)};
  EXPECT_EQ(parse_contents(contents_text(contents)), contents);
}

TEST(PurgeContentsTest, AnotherSpellingIsNone) {
  const std::string six = "i;6.0;hard;all\n";
  const std::string seven = "i;7.0;hard;all\n";
  EXPECT_TRUE(parse_contents(kFloor + six + seven));
  for (const std::string& wrong :
       {std::string(), std::string("\n"), kFloor.substr(0, kFloor.size() - 1), '\n' + kFloor,
        kFloor + '\n', kFloor + "\n" + six, kFloor + six.substr(0, six.size() - 1), six,
        kFloor + kFloor, kFloor + seven + six, kFloor + six + six, kFloor + "i;6.0;hard;all\r\n",
        kFloor + "i;5.0;hard;all\n", kFloor + "i;4.9;hard;all\n",
        kFloor + "j;6.0;hard;all\n" + six}) {
    EXPECT_EQ(parse_contents(wrong), std::nullopt) << wrong;
  }
}

TEST(PurgeContentsTest, TheirNumberHasABound) {
  std::string text = kFloor;
  for (std::size_t i = 0; i < kMostContentsRecords; ++i) {
    text += "i;" + std::to_string(100 + i) + ".0;hard;all\n";
  }
  EXPECT_TRUE(parse_contents(text));
  EXPECT_FALSE(parse_contents(text + "i;900000.0;hard;all\n"));
}

TEST(PurgeContentsTest, TheTextHasABound) {
  const std::string value(8000, 'a');
  std::string text = kFloor;
  for (int i = 100; text.size() <= kMostContentsBytes; ++i) {
    EXPECT_TRUE(i % 100 != 0 || parse_contents(text));
    text += "i;" + std::to_string(i) + ".0;hard;source;" + value + '\n';
  }
  EXPECT_FALSE(parse_contents(text));
}

}  // namespace
}  // namespace imageserver
