#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "options/flags.h"
#include "params/params.h"
#include "params/parse_presets.h"
#include "params/parse_target.h"
#include "params/presets.h"
#include "params/validate.h"
#include "params/vocabulary.h"

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
  std::string name;  // of the parameter it tells of; a row without one tells more of the one before
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

std::vector<Row> rows() {
  std::istringstream chapter(between(readme(), "## Asking for a picture", "### Answers"));
  const std::regex row(R"(\| (?:`(\w+)` )?\| .*)");
  std::vector<Row> found;
  std::smatch match;
  for (std::string line; std::getline(chapter, line);) {
    if (!std::regex_match(line, match, row)) continue;
    const std::string name = match[1].matched ? match[1].str() : found.back().name;
    found.push_back({line, name, examples_in(line)});
  }
  return found;
}

// With the presets that README shows.
TargetRules rules() {
  const Result<Presets> presets = parse_presets(between(readme(), "```properties\n", "```"));
  return {.presets = std::make_shared<const Presets>(presets.value()), .strict = true};
}

TEST(Readme, ShowsEveryParameterInAnExample) {
  const std::vector<Row> all = rows();
  for (const KnownParam& known : vocabulary()) {
    const bool shown = std::ranges::any_of(all, [&known](const Row& row) {
      const std::string given = std::string(known.name) + '=';
      return row.name == known.name && row.text.find(given) != std::string::npos;
    });
    EXPECT_TRUE(shown) << known.name;
  }
}

TEST(Readme, TellsOfNoParameterThatThereIsNot) {
  for (const Row& row : rows()) EXPECT_NE(find_known(row.name), nullptr) << row.text;
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
