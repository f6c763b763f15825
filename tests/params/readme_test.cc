#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
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

}  // namespace
}  // namespace imageserver
