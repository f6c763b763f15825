#include "image/plan/asked.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "support/spec_fields.h"

namespace imageserver {
namespace {

TEST(AskedTest, ADefaultSpecAsksForNothing) {
  EXPECT_TRUE(asks_for_nothing({}));
  EXPECT_TRUE(asks_only_for({}));
}

TEST(AskedTest, EveryFieldButQualifiersAndFormatAsksForSomething) {
  const std::set<std::string> nothing = {
      "source", "format",  "auto_format", "interpolation", "dpr",
      "mode",   "enlarge", "gravity",     "resampling",    "gamma_correction"};
  for (const SpecField& field : spec_fields()) {
    EXPECT_EQ(asks_for_nothing(spec_with(field)), nothing.contains(field.name)) << field.name;
  }
}

TEST(AskedTest, FieldsThatAreNotGivenMustHaveTheirDefaults) {
  for (const SpecField& field : spec_fields()) {
    EXPECT_FALSE(asks_only_for(spec_with(field))) << field.name;
    EXPECT_EQ(asks_only_for(spec_with(field), &TransformSpec::blur), field.name == "blur");
  }
}

TEST(AskedTest, SeveralFieldsMayBeGiven) {
  TransformSpec spec;
  spec.width = 10;
  spec.blur = 2;
  EXPECT_TRUE(asks_only_for(spec, &TransformSpec::width, &TransformSpec::blur));
  EXPECT_FALSE(asks_only_for(spec, &TransformSpec::width));
}

}  // namespace
}  // namespace imageserver
