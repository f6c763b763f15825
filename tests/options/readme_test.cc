#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format.h"
#include "options/command.h"
#include "options/flags.h"
#include "params/parameter_table.h"
#include "params/params.h"
#include "params/parse_presets.h"
#include "params/parse_target.h"
#include "params/presets.h"
#include "params/validate.h"

namespace imageserver {
namespace {

std::string readme() {
  std::ostringstream text;
  text << std::ifstream(IMAGESERVER_README).rdbuf();
  return text.str();
}

// How README's table begins a flag's row: values as code, words as they are.
std::string row_start(const Flag& flag) {
  const std::string shown = flag.default_value.empty()
                                ? std::string(flag.default_words)
                                : '`' + std::string(flag.default_value) + '`';
  return "\n| `--" + std::string(flag.name) + "` | " + shown + " |";
}

std::string between(const std::string& text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin) + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

// A row of the tables of parameters.
struct Row {
  std::string text;
  std::string name;  // of the parameter; a row without one tells more of the parameter before
  std::string values;
  std::string by_default;
  std::string meaning;
  std::vector<std::string> examples;  // queries
};

std::vector<std::string> examples_in(const std::string& text) {
  const std::regex query(R"(`([^` ?]+\?[^`]+)`)");
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), query), end; match != end; ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

std::vector<Row> read_rows() {
  std::istringstream chapter(between(readme(), "## Asking for a picture", "### Answers"));
  const std::regex row(R"(\| (?:`(\w+)` )?\| (.*?) ?\| (.*?) ?\| (.*?) ?\| .* \|)");
  std::vector<Row> found;
  std::smatch match;
  for (std::string line; std::getline(chapter, line);) {
    if (!std::regex_match(line, match, row)) continue;
    const std::string name = match[1].matched ? match[1].str() : found.back().name;
    found.push_back({line, name, match[2], match[3], match[4], examples_in(line)});
  }
  return found;
}

const std::vector<Row>& rows() {
  static const std::vector<Row> rows = read_rows();
  return rows;
}

// The rows of one parameter.
std::vector<Row> rows_of(const Parameter& parameter) {
  std::vector<Row> found = rows();
  std::erase_if(found, [&parameter](const Row& row) { return row.name != parameter.name; });
  return found;
}

std::string as_code(std::string_view text) { return '`' + std::string(text) + '`'; }

std::string range_text(const Range& range) {
  std::ostringstream text;
  text.precision(10);
  if (range.high == std::numeric_limits<int>::max()) {
    text << "from " << range.low;
  } else {
    text << range.low << " to " << range.high;
  }
  return text.str();
}

// What a value is that is neither in the range nor among the choices.
std::vector<std::string> other_values(const Parameter& parameter) {
  switch (parameter.kind) {
    case Kind::kBoolean:
      return {"yes", "no"};
    case Kind::kNumber:
      if (parameter.range) return {};
      return {"degrees"};
    case Kind::kGravity:
      return {"`fp:x,y`"};
    case Kind::kColour:
      return {"a colour"};
    case Kind::kCrop:
      return {R"(`min_x,min_y\|max_x,max_y`)"};
    case Kind::kName:
    case Kind::kPreset:
      return {"a name"};
    case Kind::kInteger:
    case Kind::kChoice:
    case Kind::kFormat:
    case Kind::kQuality:
      break;
  }
  return {};
}

std::vector<std::string> values_of(const Parameter& parameter) {
  std::vector<std::string> values = other_values(parameter);
  if (parameter.range) values.push_back(range_text(*parameter.range));
  for (const std::string_view choice : parameter.choices) values.push_back(as_code(choice));
  return values;
}

// The values of a cell, without their other spellings.
std::vector<std::string> values_in(const std::string& cell) {
  static const std::regex spelling(R"( \(or `\w+`\))");
  static const std::regex separator(", ");
  if (cell.empty()) return {};
  const std::string text = std::regex_replace(cell, spelling, "");
  return {std::sregex_token_iterator(text.begin(), text.end(), separator, -1), {}};
}

std::string default_text(const Parameter& parameter) {
  const auto& [value, words] = parameter.by_default;
  if (value.empty()) return std::string(words);
  if (parameter.kind == Kind::kBoolean) return value == "true" ? "yes" : "no";
  return parameter.choices.empty() ? std::string(value) : as_code(value);
}

// With the presets that README shows.
TargetRules rules() {
  const Result<Presets> presets = parse_presets(between(readme(), "```properties\n", "```"));
  return {.presets = std::make_shared<const Presets>(presets.value()), .strict = true};
}

TEST(Readme, ShowsEveryParameterInAnExample) {
  const std::vector<Row> all = rows();
  for (const Parameter& parameter : parameters()) {
    const bool shown = std::ranges::any_of(all, [&parameter](const Row& row) {
      const std::string given = std::string(parameter.name) + '=';
      return row.name == parameter.name && row.text.find(given) != std::string::npos;
    });
    EXPECT_TRUE(shown) << parameter.name;
  }
}

TEST(Readme, ListsEveryValueOfEveryParameter) {
  for (const Parameter& parameter : parameters()) {
    std::vector<std::string> listed;
    for (const Row& row : rows_of(parameter)) {
      std::ranges::copy(values_in(row.values), std::back_inserter(listed));
    }
    EXPECT_THAT(listed, testing::UnorderedElementsAreArray(values_of(parameter))) << parameter.name;
  }
}

TEST(Readme, GivesEveryParameterItsDefaultAndItsMeaning) {
  for (const Parameter& parameter : parameters()) {
    const std::vector<Row> all = rows_of(parameter);
    ASSERT_FALSE(all.empty()) << parameter.name;
    EXPECT_EQ(all.front().by_default, default_text(parameter)) << parameter.name;
    EXPECT_THAT(all.front().meaning, testing::StartsWith(std::string(parameter.help)));
  }
}

TEST(Readme, GivesOtherSpellingsThatMeanTheSame) {
  const std::regex spelling(R"(`(\w+)` \(or `(\w+)`\))");
  int spellings = 0;
  for (const Row& row : rows()) {
    const std::string& cell = row.values;
    for (std::sregex_iterator match(cell.begin(), cell.end(), spelling), end; match != end;
         ++match) {
      const std::string query = "/a?" + row.name + '=';
      EXPECT_EQ(parse_target(query + match->str(2)).value(),
                parse_target(query + match->str(1)).value());
      ++spellings;
    }
  }
  EXPECT_GT(spellings, 0);
}

TEST(Readme, ListsNoUnknownParameter) {
  for (const Row& row : rows()) EXPECT_NE(find_parameter(row.name), nullptr) << row.text;
}

TEST(Readme, GivesExamplesThatCanBeAskedFor) {
  for (const Row& row : rows()) {
    EXPECT_FALSE(row.examples.empty()) << row.text;
    for (const std::string& example : row.examples) {
      const Result<Params> params = parse_target('/' + example, rules());
      ASSERT_TRUE(params.has_value()) << example << ": " << params.error().message;
      EXPECT_TRUE(validate(*params).has_value()) << example;
    }
  }
}

TEST(Readme, ListsEveryFlagWithItsDefault) {
  const std::string text = readme();
  for (const Flag& flag : flags()) EXPECT_THAT(text, testing::HasSubstr(row_start(flag)));
}

TEST(Readme, TellsOfEveryCommand) {
  const std::string text = readme();
  for (const CommandRow& row : commands()) {
    EXPECT_THAT(text, testing::HasSubstr("`imageserver " + std::string(row.name)));
  }
}

TEST(Readme, NamesEveryFormatThatResultsCanHave) {
  std::string told;
  for (const Row& row : rows()) {
    if (row.name == "format") told += row.text;
  }
  for (const Format format : kFormats) {
    EXPECT_THAT(told, testing::HasSubstr('`' + std::string(format_name(format)) + '`'));
    const std::string alias(traits_of(format).alias);
    if (alias.empty()) continue;
    EXPECT_THAT(told, testing::HasSubstr("(or `" + alias + "`)"));
  }
}

TEST(Readme, NamesEveryFormatThatOriginalsMayHave) {
  const std::string told = between(readme(), "\nOriginals may be ", ".");
  for (const FormatRow& row : format_rows()) {
    EXPECT_THAT(told, testing::HasSubstr(std::string(row.title)));
  }
}

// "80 for JPEG, 79 for WebP, 63 for AVIF"
TEST(Readme, TellsEveryDefaultQuality) {
  std::string all;
  for (const Format format : kFormats) {
    const std::optional<int> quality = traits_of(format).default_quality;
    if (!quality) continue;
    const std::string_view title = row_of(file_type_of(format)).title;
    all += (all.empty() ? "" : ", ") + std::to_string(*quality) + " for " + std::string(title);
  }
  EXPECT_THAT(readme(), testing::HasSubstr("| `quality` | 1 to 100 | " + all + " |"));
}

TEST(Readme, AndHelpListTheUntrustedFormats) {
  std::string in_readme;
  std::string in_help;
  for (const FormatRow& row : format_rows()) {
    if (!needs_sandbox(row.type)) continue;
    const std::string comma = in_help.empty() ? "" : ", ";
    in_readme += comma + '`' + std::string(row.name) + '`';
    in_help += comma + std::string(row.name);
  }
  EXPECT_THAT(readme(), testing::HasSubstr("strangers' files: " + in_readme + ','));
  EXPECT_THAT(help_text(), testing::HasSubstr("strangers' files: " + in_help + '\n'));
}

TEST(Readme, ShowsPicturesThatAreThere) {
  const std::string text = readme();
  const std::regex picture(R"(docs/images/[\w.]+)");
  int pictures = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), picture), end; match != end; ++match) {
    const auto file = std::filesystem::path(IMAGESERVER_README).parent_path() / match->str();
    ASSERT_TRUE(std::filesystem::is_regular_file(file)) << file;
    EXPECT_LT(std::filesystem::file_size(file), 12U << 10U) << file;
    ++pictures;
  }
  EXPECT_GT(pictures, 0);
}

}  // namespace
}  // namespace imageserver
