#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "params/flags.h"

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
    EXPECT_TRUE(std::filesystem::is_regular_file(file)) << file;
    ++pictures;
  }
  EXPECT_GT(pictures, 0);
}

}  // namespace
}  // namespace imageserver
