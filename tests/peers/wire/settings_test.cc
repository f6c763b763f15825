#include "peers/wire/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace imageserver {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The digests are those of sha256sum.
TEST(SettingsTest, EachIsTheBeginningOfItsHash) {
  EXPECT_EQ(settings_text({{"presets", "abc"}, {"formats", ""}}),
            "formats=e3b0c442 presets=ba7816bf");
  EXPECT_EQ(settings_text({}), "");
}

TEST(SettingsTest, WhatIsTheSameOnBothSidesDoesNotDiffer) {
  EXPECT_THAT(differing_settings("a=1 b=2", "a=1 b=2"), IsEmpty());
  EXPECT_THAT(differing_settings("a=1 b=2", "b=2 a=1"), IsEmpty()) << "in any order";
  EXPECT_THAT(differing_settings("", ""), IsEmpty());
}

TEST(SettingsTest, NamesWhatDiffersOnceAndSorted) {
  EXPECT_THAT(differing_settings("b=1 c=1 a=1", "a=2 b=2 c=1"), ElementsAre("a", "b"));
}

TEST(SettingsTest, WhatOnlyOneSideTellsOfDiffers) {
  EXPECT_THAT(differing_settings("a=1 b=2", "a=1"), ElementsAre("b"));
  EXPECT_THAT(differing_settings("a=1", "a=1 b=2"), ElementsAre("b"));
  EXPECT_THAT(differing_settings("a=1", ""), ElementsAre("a"));
}

TEST(SettingsTest, WhatIsNoSettingIsSkipped) {
  EXPECT_THAT(differing_settings("a=1", "a=1 = =x A=1 b\n=1 b\x01=2 <i>=3"), IsEmpty());
  EXPECT_THAT(differing_settings("a=1", "a=1 " + std::string(33, 'n') + "=1"), IsEmpty());
  EXPECT_THAT(differing_settings("a=1", "a=1 " + std::string(32, 'n') + "=1"), SizeIs(1));
}

TEST(SettingsTest, APeerCannotFillTheListWithNames) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "n" + std::to_string(i) + "=1 ";
  EXPECT_THAT(differing_settings("", many), SizeIs(32));
}

}  // namespace
}  // namespace imageserver
