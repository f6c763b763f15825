#include "options/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "options/flags.h"

namespace imageserver {
namespace {

// The words after the command, and the command.
struct Taken {
  Command command;
  std::vector<std::string> words;
};

Taken take(std::vector<const char*> argv) {
  const CommandLine line = take_command(static_cast<int>(argv.size()), argv.data());
  Taken taken{line.command, {}};
  for (int i = 1; i < line.argc; ++i) taken.words.emplace_back(line.argv[i]);
  return taken;
}

TEST(CommandTest, WithoutANameTheProgramServes) {
  EXPECT_EQ(take({}).command, Command::kServe);
  EXPECT_EQ(take({"imageserver"}).command, Command::kServe);
  const Taken flags = take({"imageserver", "--source", "token"});
  EXPECT_EQ(flags.command, Command::kServe);
  EXPECT_THAT(flags.words, testing::ElementsAre("--source", "token"));
}

TEST(CommandTest, ANameIsTakenAndTheFlagsAreLeft) {
  const Taken token = take({"imageserver", "token", "--queue=3", "token"});
  EXPECT_EQ(token.command, Command::kToken);
  EXPECT_THAT(token.words, testing::ElementsAre("--queue=3", "token"));
  EXPECT_THAT(take({"imageserver", "token"}).words, testing::IsEmpty());
}

TEST(CommandTest, AnotherWordIsLeftForTheFlagsToRefuse) {
  for (const char* word : {"tokens", "Token", "serve", ""}) {
    const Taken taken = take({"imageserver", word});
    EXPECT_EQ(taken.command, Command::kServe);
    EXPECT_THAT(taken.words, testing::ElementsAre(word));
  }
}

TEST(CommandTest, HelpListsEveryCommand) {
  for (const CommandRow& row : commands()) {
    EXPECT_THAT(help_text(), testing::HasSubstr("\n  " + usage(row) + "\n      " +
                                                std::string(row.help) + "\n"));
  }
}

}  // namespace
}  // namespace imageserver
