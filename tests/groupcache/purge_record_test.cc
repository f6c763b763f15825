#include "groupcache/purge_record.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/hash.h"
#include "support/purges.h"

namespace imageserver {
namespace {

using testing::purge_below;
using testing::purge_of;
using testing::purge_of_all;

TEST(PurgeRecordTest, AnIdHasLettersDigitsAndTwoMarks) {
  EXPECT_TRUE(is_purge_id("a"));
  EXPECT_TRUE(is_purge_id("AZaz09-_"));
  EXPECT_TRUE(is_purge_id(std::string(64, 'x')));
  EXPECT_FALSE(is_purge_id(std::string(65, 'x')));
  for (const char* wrong : {"", " ", "a b", "a;b", "a.b", "a/b", "\xc3\xbc"}) {
    EXPECT_FALSE(is_purge_id(wrong)) << wrong;
  }
}

TEST(PurgeRecordTest, TheTextSaysAllOfIt) {
  EXPECT_EQ(purge_text(purge_of("a/b.jpg", 5)), "source-5;5.0;hard;source;a/b.jpg");
  EXPECT_EQ(purge_text(purge_below({"a", "b/c"}, 6, true)), "prefix-6;6.0;soft;prefix;a;b/c");
  EXPECT_EQ(purge_text(purge_of_all(7)), "all-7;7.0;hard;all");
}

TEST(PurgeRecordTest, TheTextFitsAFieldWhateverTheValue) {
  std::string every_byte;
  for (int c = 0; c < 256; ++c) every_byte += static_cast<char>(c);
  const PurgeRecord record = purge_of(every_byte, 5);
  const std::string text = purge_text(record);
  EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != ','; }));
  EXPECT_EQ(parse_purge(text), record);
}

TEST(PurgeRecordTest, ATextIsReadAsItWasWritten) {
  for (const PurgeRecord& record :
       {purge_of("a", 1), purge_of("http://h:80/a?b=c;d", 2, true), purge_of("http://h/", 3),
        purge_below({"a/b"}, 4), purge_below({"a", "a", "/a"}, 5, true), purge_of_all(6),
        purge_below(std::vector<std::string>(16, "p"), 7), purge_of_all(0, true)}) {
    EXPECT_TRUE(is_purge(record));
    EXPECT_EQ(parse_purge(purge_text(record)), record);
  }
}

TEST(PurgeRecordTest, AnotherSpellingIsNone) {
  for (const char* wrong : {"",
                            ";",
                            "i",
                            "i;1.0",
                            "i;1.0;hard",
                            "i;1.0;hard;al",
                            "i;1.0;hard;all;",
                            "i;1.0;hard;all;a",
                            "i;1.0;firm;all",
                            "i;1.0;;all",
                            "i;1;hard;all",
                            "i;01.0;hard;all",
                            ";1.0;hard;all",
                            "i i;1.0;hard;all",
                            "i;1.0;hard;all\n",
                            " i;1.0;hard;all",
                            "i;1.0;Hard;all",
                            "i;1.0;hard;source",
                            "i;1.0;hard;source;",
                            "i;1.0;hard;source;a;b",
                            "i;1.0;hard;source;a;",
                            "i;1.0;hard;source;a b",
                            "i;1.0;hard;source;%61",
                            "i;1.0;hard;source;%2f",
                            "i;1.0;hard;source;%2",
                            "i;1.0;hard;source;a%",
                            "i;1.0;hard;source;a,b",
                            "i;1.0;hard;prefix",
                            "i;1.0;hard;prefix;",
                            "i;1.0;hard;prefix;a/",
                            "i;1.0;hard;prefix;/",
                            "i;1.0;hard;prefix;a;;b",
                            "i;1.0;hard;prefix;a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q"}) {
    EXPECT_EQ(parse_purge(wrong), std::nullopt) << wrong;
  }
}

TEST(PurgeRecordTest, AllValuesTogetherHaveABound) {
  PurgeRecord record = purge_below({std::string(8000, 'a'), std::string(192, 'b')}, 1);
  EXPECT_TRUE(is_purge(record));
  EXPECT_TRUE(parse_purge(purge_text(record)));
  record.id = std::string(64, 'i');
  record.stamp = {UINT64_MAX, UINT32_MAX};
  EXPECT_TRUE(parse_purge(purge_text(record)));
  record.values.back() += 'b';
  EXPECT_FALSE(is_purge(record));
  EXPECT_FALSE(parse_purge(purge_text(record)));
  EXPECT_FALSE(is_purge(purge_of(std::string(2731, '%'), 1)));
  EXPECT_TRUE(is_purge(purge_of(std::string(2730, '%'), 1)));
}

TEST(PurgeRecordTest, WhatOthersWouldRefuseIsNoPurge) {
  PurgeRecord without_id = purge_of("a", 1);
  without_id.id.clear();
  EXPECT_FALSE(is_purge(without_id));
  EXPECT_FALSE(is_purge(purge_of("", 1)));
  EXPECT_FALSE(is_purge(purge_below({}, 1)));
  EXPECT_FALSE(is_purge(purge_below({"a", ""}, 1)));
  EXPECT_FALSE(is_purge(purge_below({"a/"}, 1)));
  EXPECT_FALSE(is_purge(purge_below(std::vector<std::string>(17, "a"), 1)));
  PurgeRecord all = purge_of_all(1);
  all.values = {"a"};
  EXPECT_FALSE(is_purge(all));
  PurgeRecord two = purge_of("a", 1);
  two.values.emplace_back("b");
  EXPECT_FALSE(is_purge(two));
}

TEST(PurgeRecordTest, TheHashIsThatOfTheText) {
  const PurgeRecord record = purge_of("a", 1);
  EXPECT_EQ(purge_hash(record), to_hex(sha256("source-1;1.0;hard;source;a")));
}

TEST(PurgeRecordTest, ASourceReachesItselfAlone) {
  EXPECT_TRUE(reaches(purge_of("a/b", 1), "a/b"));
  EXPECT_FALSE(reaches(purge_of("a/b", 1), "a/b/c"));
  EXPECT_FALSE(reaches(purge_of("a/b", 1), "a"));
}

TEST(PurgeRecordTest, ABeginningReachesWholeSegments) {
  const PurgeRecord record = purge_below({"x", "a/b"}, 1);
  for (const char* name : {"x", "x/", "x/y", "a/b", "a/b/c", "a/b//"}) {
    EXPECT_TRUE(reaches(record, name)) << name;
  }
  for (const char* name : {"", "a", "a/bc", "a/", "/a/b", "xy", "y/x"}) {
    EXPECT_FALSE(reaches(record, name)) << name;
  }
}

TEST(PurgeRecordTest, AllReachesEverything) {
  EXPECT_TRUE(reaches(purge_of_all(1), ""));
  EXPECT_TRUE(reaches(purge_of_all(1), "a/b"));
}

}  // namespace
}  // namespace imageserver
