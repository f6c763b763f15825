#include "params/params.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>

namespace imageserver {
namespace {

Params map_of(std::initializer_list<ParamEntry> entries) {
  Params params;
  for (const ParamEntry& entry : entries) params.insert(entry.name, entry.value);
  return params;
}

std::string text_of(double number) { return map_of({{"n", number}}).text(); }

TEST(Params, AnEmptyMapHasATextToo) {
  EXPECT_EQ(Params().text(), "map[]");
  EXPECT_TRUE(Params().empty());
}

TEST(Params, EntriesStandSortedByTheBytesOfTheirNames) {
  const Params params =
      map_of({{"b", true}, {"\xff", true}, {"", true}, {"a", false}, {"B", true}});
  EXPECT_EQ(params.text(), "map[:true B:true a:false b:true \xff:true]");
}

TEST(Params, ANameIsTakenOnce) {
  Params params;
  EXPECT_TRUE(params.insert("width", std::int64_t{1}));
  EXPECT_FALSE(params.insert("width", std::int64_t{2}));
  EXPECT_EQ(params.text(), "map[width:1]");
  EXPECT_EQ(params.entries().size(), 1U);
}

TEST(Params, FindsWhatIsThere) {
  const Params params = map_of({{"a", std::string("x")}, {"c", std::string("z")}});
  ASSERT_NE(params.find("c"), nullptr);
  EXPECT_EQ(std::get<std::string>(*params.find("c")), "z");
  EXPECT_EQ(params.find("b"), nullptr);
  EXPECT_EQ(params.find("d"), nullptr);
}

TEST(Params, MapsNest) {
  const Params inner = map_of({{"width", std::int64_t{100}}});
  const Params params = map_of({{"source", std::string("medium.jpg")}, {"gift_resize", inner}});
  EXPECT_EQ(params.text(), "map[gift_resize:map[width:100] source:medium.jpg]");
  EXPECT_EQ(params.key(), "4615eb35d6335eae338c68d8c82ef5ff52865036f4f64b8a12514c136504eb35");
}

TEST(Params, IntegersHaveSixtyFourBits) {
  EXPECT_EQ(map_of({{"n", std::numeric_limits<std::int64_t>::min()}}).text(),
            "map[n:-9223372036854775808]");
}

TEST(Params, FloatsReadAsGoPrintsThem) {
  EXPECT_EQ(text_of(0.0), "map[n:0]");
  EXPECT_EQ(text_of(-0.0), "map[n:-0]");
  EXPECT_EQ(text_of(0.1), "map[n:0.1]");
  EXPECT_EQ(text_of(-2.25), "map[n:-2.25]");
  EXPECT_EQ(text_of(100000), "map[n:100000]");
  EXPECT_EQ(text_of(999999.5), "map[n:999999.5]");
  EXPECT_EQ(text_of(1e6), "map[n:1e+06]");
  EXPECT_EQ(text_of(1234567.125), "map[n:1.234567125e+06]");
  EXPECT_EQ(text_of(0.0001), "map[n:0.0001]");
  EXPECT_EQ(text_of(0.00001), "map[n:1e-05]");
  EXPECT_EQ(text_of(std::numeric_limits<double>::max()), "map[n:1.7976931348623157e+308]");
  EXPECT_EQ(text_of(std::numeric_limits<double>::denorm_min()), "map[n:5e-324]");
  EXPECT_EQ(text_of(std::numeric_limits<double>::infinity()), "map[n:+Inf]");
  EXPECT_EQ(text_of(-std::numeric_limits<double>::infinity()), "map[n:-Inf]");
  EXPECT_EQ(text_of(std::numeric_limits<double>::quiet_NaN()), "map[n:NaN]");
}

TEST(Params, ACopyIsEqualAndIndependent) {
  const Params original = map_of({{"gift_resize", map_of({{"width", std::int64_t{1}}})}});
  Params copy = original;
  EXPECT_EQ(copy, original);
  copy.insert("source", std::string("x"));
  EXPECT_NE(copy, original);
  EXPECT_EQ(original.entries().size(), 1U);
}

TEST(Params, OnlyTheSourceStandsApartInTheText) {
  const Params params =
      map_of({{"tint", std::string("[")}, {"source", std::string("b z:1")}, {"a", Params()}});
  EXPECT_EQ(params.text(), "map[a:map[] tint:[ source:b z:1]");
  EXPECT_EQ(params.entries()[1].name, "source");
}

TEST(Params, TheTypeOfAValueCounts) {
  EXPECT_NE(map_of({{"n", std::int64_t{1}}}), map_of({{"n", std::string("1")}}));
}

}  // namespace
}  // namespace imageserver
