#include "params/parameter_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "params/parse_target.h"
#include "params/validate.h"

namespace imageserver {

void PrintTo(const Parameter& parameter, std::ostream* out) { *out << parameter.name; }

namespace {

// Each row but those of parameters that stand for others.
std::vector<Parameter> rows() {
  std::vector<Parameter> rows;
  for (const Parameter& parameter : parameters()) {
    if (parameter.place != Place::kNone) rows.push_back(parameter);
  }
  return rows;
}

std::string shown(double number) {
  std::ostringstream text;
  text.precision(15);
  text << number;
  return text.str();
}

std::string first_choice(const Parameter& parameter) {
  const auto& choices = parameter.choices;
  const bool is_default = choices[0] == parameter.by_default.value;
  return std::string(choices[is_default ? 1 : 0]);
}

// A value that the parameter does not have by default.
std::string other_value(const Parameter& parameter) {
  switch (parameter.kind) {
    case Kind::kInteger:
    case Kind::kQuality:
    case Kind::kNumber: {
      if (!parameter.range) return "90";
      const std::string high = shown(parameter.range->high);
      return high == parameter.by_default.value ? shown(parameter.range->low) : high;
    }
    case Kind::kBoolean:
      return parameter.by_default.value == "true" ? "false" : "true";
    case Kind::kChoice:
    case Kind::kGravity:
    case Kind::kFormat:
      return first_choice(parameter);
    case Kind::kColour:
      return "f00";
    case Kind::kCrop:
      return "1,2|3,4";
    case Kind::kName:
    case Kind::kPreset:
      break;
  }
  return "name";
}

// Some parameters say nothing without a watermark, so there is one behind whatever is asked for.
Result<Params> params_of(const Parameter& parameter, std::string_view value) {
  return parse_target("/a.jpg?" + std::string(parameter.name) + "=" + std::string(value) +
                      "&watermark=w");
}

Result<TransformSpec> spec_of(const Parameter& parameter, std::string_view value) {
  const Result<Params> params = params_of(parameter, value);
  if (!params) return params.error();
  return validate(*params);
}

TransformSpec default_spec() {
  return validate(parse_target("/a.jpg?watermark=w").value()).value();
}

class Row : public testing::TestWithParam<Parameter> {
 protected:
  // The message of the error that the value is refused with.
  static std::string refusal(std::string_view value) {
    const Result<TransformSpec> spec = spec_of(GetParam(), value);
    if (spec) return "none";
    EXPECT_EQ(spec.error().kind, ErrorKind::kInvalidParam);
    return spec.error().message;
  }

  static void expect_refused(std::string_view value) {
    const std::string begin = "invalid param \"" + std::string(GetParam().name) + "\": must ";
    EXPECT_EQ(refusal(value).substr(0, begin.size()), begin) << value;
  }
};

INSTANTIATE_TEST_SUITE_P(Parameters, Row, testing::ValuesIn(rows()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_P(Row, TakesBothBoundsOfItsRangeAndNothingBeyond) {
  const Parameter& parameter = GetParam();
  if (!parameter.range) return;
  const auto [low, high] = *parameter.range;
  ASSERT_LT(low, high);
  for (const double bound : {low, high}) {
    const Result<TransformSpec> spec = spec_of(parameter, shown(bound));
    ASSERT_TRUE(spec.has_value()) << bound;
    EXPECT_EQ(parameter.number_in(*spec), bound);
  }
  const double step = parameter.kind == Kind::kNumber ? 0.001 : 1;
  expect_refused(shown(low - step));
  expect_refused(shown(high + step));
}

TEST_P(Row, TakesItsChoicesAndNoOtherName) {
  std::vector<TransformSpec> specs;
  for (const std::string_view choice : GetParam().choices) {
    const Result<TransformSpec> spec = spec_of(GetParam(), choice);
    ASSERT_TRUE(spec.has_value()) << choice;
    for (const TransformSpec& other : specs) EXPECT_NE(*spec, other) << choice;
    specs.push_back(*spec);
    expect_refused(std::string(choice) + "x");
    EXPECT_NE(refusal("x").find(choice), std::string::npos) << refusal("x");
  }
}

TEST_P(Row, NamesItsRule) {
  const std::string message = refusal("!");
  const std::string_view rule = GetParam().rule;
  EXPECT_EQ(message.substr(message.size() - std::min(message.size(), rule.size())), rule);
  expect_refused("!");
}

TEST_P(Row, TakesNoValueOfAnotherType) {
  const Parameter& parameter = GetParam();
  Params map;
  map.insert(std::string(parameter.name), Params());
  Params top;
  if (parameter.place == Place::kTop) {
    top = map;
  } else {
    top.insert(std::string(map_name(parameter.place)), map);
  }
  const Result<TransformSpec> spec = validate(top);
  ASSERT_TRUE(spec.has_error());
  EXPECT_EQ(
      spec.error().message.find("invalid param \"" + std::string(parameter.name) + "\": must "), 0U)
      << spec.error().message;
}

TEST_P(Row, PutsItsValueInItsPlace) {
  const Parameter& parameter = GetParam();
  const Params params = params_of(parameter, other_value(parameter)).value();
  if (parameter.place == Place::kTop) {
    EXPECT_NE(params.find(parameter.name), nullptr);
    return;
  }
  const ParamValue* const map = params.find(map_name(parameter.place));
  ASSERT_NE(map, nullptr);
  EXPECT_NE(std::get<Params>(*map).find(parameter.name), nullptr);
}

TEST_P(Row, ChangesTheSpecAsNoOtherRowDoes) {
  const Parameter& parameter = GetParam();
  const TransformSpec spec = spec_of(parameter, other_value(parameter)).value();
  EXPECT_NE(spec, default_spec());
  for (const Parameter& other : rows()) {
    if (other.name == parameter.name) continue;
    EXPECT_NE(spec, spec_of(other, other_value(other)).value()) << other.name;
  }
}

TEST_P(Row, ChangesNothingByItsDefault) {
  const Default& by_default = GetParam().by_default;
  EXPECT_NE(by_default.value.empty(), by_default.words.empty()) << "one of both is given";
  if (by_default.value.empty()) return;
  EXPECT_EQ(spec_of(GetParam(), by_default.value).value(), default_spec());
}

TEST_P(Row, ExplainsItselfInOneLine) {
  EXPECT_FALSE(GetParam().help.empty());
  EXPECT_EQ(GetParam().help.find('\n'), std::string_view::npos);
}

TEST(FindParameter, FindsEveryRowByItsName) {
  for (const Parameter& parameter : parameters()) {
    EXPECT_EQ(find_parameter(parameter.name), &parameter);
  }
}

TEST(FindParameter, FindsNothingThatAQueryCannotName) {
  for (const char* name : {"", "a", "zoom", "Width", "source", "accept", "gift_resize", "min_x"}) {
    EXPECT_EQ(find_parameter(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace imageserver
