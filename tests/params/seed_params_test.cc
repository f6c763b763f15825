#include "params/seed_params.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

TEST(SeedParamsTest, AllThatTheGoProgramKnows) {
  EXPECT_TRUE(has_only_seed_params(
      parse_target("/a.jpg?width=1&height=2&mode=fit&resampling=cubic&format=png&quality=3")
          .value()));
  EXPECT_TRUE(has_only_seed_params(parse_target("/a.jpg").value()));
}

TEST(SeedParamsTest, AnythingElseOutsideOrWithin) {
  Params outside;
  outside.insert("source", std::string("a.jpg"));
  outside.insert("crop", std::string("1,1|2,2"));
  EXPECT_FALSE(has_only_seed_params(outside));

  Params resize;
  resize.insert("width", std::int64_t{1});
  resize.insert("enlarge", false);
  Params within;
  within.insert("source", std::string("a.jpg"));
  within.insert("gift_resize", resize);
  EXPECT_FALSE(has_only_seed_params(within));

  Params misplaced;
  misplaced.insert("width", std::int64_t{1});
  EXPECT_FALSE(has_only_seed_params(misplaced));
}

}  // namespace
}  // namespace imageserver
