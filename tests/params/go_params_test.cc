#include "params/go_params.h"

#include <gtest/gtest.h>

#include <string>

#include "params/parameter_table.h"
#include "params/parse_target.h"

namespace imageserver {
namespace {

TEST(GoParamsTest, KnowsEveryParameterOfTheGoProgram) {
  EXPECT_TRUE(has_only_go_params(
      parse_target("/a.jpg?width=1&height=2&mode=fit&resampling=cubic&format=png&quality=3")
          .value()));
  EXPECT_TRUE(has_only_go_params(parse_target("/a.jpg").value()));
}

TEST(GoParamsTest, KnowsEveryValueOfTheGoProgram) {
  for (const char* query : {"mode=fit", "mode=fill", "format=jpg", "format=jpeg", "format=png",
                            "format=gif", "quality=1", "resampling=box"}) {
    EXPECT_TRUE(has_only_go_params(parse_target(std::string("/a?") + query).value())) << query;
  }
}

TEST(GoParamsTest, RefusesValuesThatTheGoProgramCannotRead) {
  for (const char* query : {"mode=pad", "mode=inside", "mode=cover", "format=webp", "format=avif",
                            "format=tiff", "format=bmp", "format=auto", "quality=auto"}) {
    EXPECT_FALSE(has_only_go_params(parse_target(std::string("/a?") + query).value())) << query;
  }
}

TEST(GoParamsTest, RefusesEveryParameterThatTheGoProgramLacks) {
  for (const Parameter& parameter : parameters()) {
    const bool is_seed = parameter.place == Place::kResize || parameter.name == "format" ||
                         parameter.name == "quality";
    if (is_seed || parameter.kind == Kind::kPreset) continue;
    const std::string value = parameter.kind == Kind::kCrop ? "1,1|2,2" : "1";
    const std::string target = "/a?" + std::string(parameter.name) + "=" + value;
    EXPECT_FALSE(has_only_go_params(parse_target(target).value())) << target;
  }
}

TEST(GoParamsTest, RefusesUnknownNamesOutsideAndWithinMaps) {
  Params outside;
  outside.insert("source", std::string("a.jpg"));
  outside.insert("crop", std::string("1,1|2,2"));
  EXPECT_FALSE(has_only_go_params(outside));

  Params resize;
  resize.insert("width", std::int64_t{1});
  resize.insert("enlarge", false);
  Params within;
  within.insert("source", std::string("a.jpg"));
  within.insert("gift_resize", resize);
  EXPECT_FALSE(has_only_go_params(within));

  Params misplaced;
  misplaced.insert("width", std::int64_t{1});
  EXPECT_FALSE(has_only_go_params(misplaced));
}

}  // namespace
}  // namespace imageserver
