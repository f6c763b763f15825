#include "http/entity_tag.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace imageserver {
namespace {

bool matches(const std::vector<std::string_view>& lists) {
  std::vector<Field> fields{{"Host", "x"}};
  for (const std::string_view list : lists) fields.push_back({"if-none-match", list});
  return if_none_match(Request(Method::kGet, "/", fields), "\"tag\"");
}

TEST(EntityTagTest, WithoutTheFieldNothingMatches) { EXPECT_FALSE(matches({})); }

TEST(EntityTagTest, OneTagMatchesTheSameTag) {
  EXPECT_TRUE(matches({"\"tag\""}));
  EXPECT_FALSE(matches({"\"other\""}));
  EXPECT_FALSE(matches({"\"ta\""}));
  EXPECT_FALSE(matches({"\"\""}));
}

TEST(EntityTagTest, TagsAreComparedWeakly) {
  EXPECT_TRUE(matches({"W/\"tag\""}));
  EXPECT_FALSE(matches({"w/\"tag\""}));
}

TEST(EntityTagTest, AListMatchesAnyOfItsTags) {
  EXPECT_TRUE(matches({"\"a\", W/\"b\",\"tag\""}));
  EXPECT_TRUE(matches({" ,, \"tag\" , \"a\""}));
  EXPECT_TRUE(matches({"\"a,\\\", \"tag\""}));
  EXPECT_FALSE(matches({"\"a\", \"b\""}));
}

TEST(EntityTagTest, RepeatedFieldsAreOneList) { EXPECT_TRUE(matches({"\"a\"", "\"tag\""})); }

TEST(EntityTagTest, AStarMatchesWhateverIsThere) {
  EXPECT_TRUE(matches({"*"}));
  EXPECT_FALSE(matches({"\"*\""}));
}

TEST(EntityTagTest, AFaultEndsTheList) {
  EXPECT_FALSE(matches({"tag"}));
  EXPECT_FALSE(matches({"\"tag"}));
  EXPECT_FALSE(matches({"\"a\", x, \"tag\""}));
  EXPECT_FALSE(matches({""}));
}

}  // namespace
}  // namespace imageserver
