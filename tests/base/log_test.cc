#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include "base/pipe.h"

// What cannot be made a line of.
struct Unspeakable {};

template <>
struct fmt::formatter<Unspeakable> {
  static constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  static fmt::appender format(const Unspeakable&, fmt::format_context&) {
    throw std::runtime_error("no word for it");
  }
};

namespace imageserver {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

constexpr const char* kTime =
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}[+-][0-9]{2}:[0-9]{2}";

TEST(LogOutputTest, ALineHasItsTimeAndItsLevel) {
  const testing::Pipe pipe;
  {
    const LogOutput output("info", pipe.writer());
    log::info("{} of {}", 1, 2);
  }
  EXPECT_THAT(pipe.read_rest(), MatchesRegex(std::string(kTime) + " info 1 of 2\n"));
}

TEST(LogOutputTest, WhatIsBelowTheLevelIsNotLogged) {
  const testing::Pipe pipe;
  {
    const LogOutput output("warning", pipe.writer());
    log::info("not this");
    log::warn("but this");
  }
  const std::string text = pipe.read_rest();
  EXPECT_THAT(text, HasSubstr("warning but this\n"));
  EXPECT_EQ(text.find("not this"), std::string::npos);
}

TEST(LogOutputTest, TheProgramsOwnLogIsThereAgainAfterwards) {
  const std::shared_ptr<log::logger> before = log::default_logger();
  const testing::Pipe pipe;
  {
    const LogOutput output("info", pipe.writer());
    EXPECT_NE(log::default_logger(), before);
  }
  EXPECT_EQ(log::default_logger(), before);
}

TEST(LogOutputTest, WhoKeepsItsLoggerWaitsForNobody) {
  const testing::Pipe pipe;
  std::shared_ptr<log::logger> kept;
  {
    const LogOutput output("info", pipe.writer());
    kept = log::default_logger();
  }
  kept->info("too late");
  EXPECT_THAT(pipe.read_rest(), IsEmpty());
}

// As the lines that say so have it. A part of a line at the end does not count.
std::uint64_t said_to_be_dropped(const std::string& text) {
  std::uint64_t dropped = 0;
  std::istringstream stream(text.substr(0, text.rfind('\n') + 1));
  for (std::string line; std::getline(stream, line);) {
    if (!line.ends_with(" log lines were dropped")) continue;
    EXPECT_THAT(line, MatchesRegex(std::string(kTime) + " warning [0-9]+ log lines were dropped"));
    dropped += std::stoull(line.substr(line.find("warning ") + 8));
  }
  return dropped;
}

TEST(LogOutputTest, CountsAndSaysWhatWasDropped) {
  constexpr std::uint64_t kFlood = 50'000;
  const testing::Pipe pipe;
  std::string text = pipe.fill();
  const LogOutput output("info", pipe.writer());
  EXPECT_EQ(dropped_log_lines(), 0U);
  for (std::uint64_t i = 0; i < kFlood; ++i) log::info("a line");
  const std::uint64_t dropped = dropped_log_lines();
  EXPECT_GT(dropped, 0U);
  EXPECT_LT(dropped, kFlood);
  while (said_to_be_dropped(text) < dropped) text += pipe.read();
  EXPECT_EQ(said_to_be_dropped(text), dropped);
}

TEST(LogOutputTest, ALineThatCannotBeMadeIsCounted) {
  const testing::Pipe pipe;
  {
    const LogOutput output("info", pipe.writer());
    ::testing::internal::CaptureStderr();
    log::info("{}", Unspeakable());
    EXPECT_THAT(::testing::internal::GetCapturedStderr(), IsEmpty()) << "which could hold it up";
    EXPECT_EQ(dropped_log_lines(), 1U);
  }
  EXPECT_THAT(pipe.read_rest(), HasSubstr(" 1 log lines were dropped\n"));
}

}  // namespace
}  // namespace imageserver
