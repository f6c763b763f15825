#include "base/log_queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace imageserver {
namespace {

TEST(LogQueueTest, HandsOutTheLinesInTheirOrder) {
  LogQueue queue(8, 100);
  queue.add("one\n");
  queue.add("three\n");
  const LogLines* const lines = queue.take(true);
  ASSERT_NE(lines, nullptr);
  EXPECT_EQ(lines->text, "one\nthree\n");
  EXPECT_EQ(lines->sizes, (std::vector<std::size_t>{4, 6}));
  EXPECT_EQ(lines->dropped, 0U);
  EXPECT_TRUE(queue.take(false)->empty());
}

TEST(LogQueueTest, HoldsNoMoreLinesThanItMay) {
  LogQueue queue(2, 100);
  for (int i = 0; i < 5; ++i) queue.add("x\n");
  EXPECT_EQ(queue.dropped(), 3U);
  const LogLines* const lines = queue.take(true);
  EXPECT_EQ(lines->text, "x\nx\n");
  EXPECT_EQ(lines->dropped, 3U);
  queue.add("y\n");
  EXPECT_EQ(queue.take(true)->text, "y\n") << "what was taken leaves room";
  EXPECT_EQ(queue.dropped(), 3U);
}

TEST(LogQueueTest, HoldsNoMoreBytesThanItMay) {
  LogQueue queue(100, 8);
  queue.add("12345\n");
  queue.add("12\n");
  queue.add("1\n");
  EXPECT_EQ(queue.dropped(), 1U);
  EXPECT_EQ(queue.take(true)->text, "12345\n1\n");
  queue.add("12345678\n");
  const LogLines* const lines = queue.take(true);
  EXPECT_EQ(lines->text, "") << "larger than all that may wait";
  EXPECT_EQ(lines->dropped, 1U);
}

TEST(LogQueueTest, ItsMemoryIsTakenAtTheStart) {
  LogQueue queue(1000, 10'000);
  queue.add("x\n");
  const auto* const first = queue.take(true)->text.data();
  for (int i = 0; i < 1000; ++i) queue.add("123456789\n");
  static_cast<void>(queue.take(true));
  queue.add("x\n");
  EXPECT_EQ(queue.take(true)->text.data(), first);
}

TEST(LogQueueTest, TellsOfLinesLostElsewhere) {
  LogQueue queue(8, 100);
  queue.drop(0);
  EXPECT_TRUE(queue.take(false)->empty());
  queue.drop(7);
  EXPECT_EQ(queue.take(true)->dropped, 7U);
  EXPECT_EQ(queue.dropped(), 7U);
}

TEST(LogQueueTest, WaitsForALine) {
  LogQueue queue(8, 100);
  std::jthread other([&] { queue.add("x\n"); });
  EXPECT_EQ(queue.take(true)->text, "x\n");
}

TEST(LogQueueTest, ComesToAnEndOnceClosed) {
  LogQueue queue(8, 100);
  queue.add("x\n");
  EXPECT_FALSE(queue.is_over());
  queue.close(Clock::now() + std::chrono::hours(1));
  EXPECT_FALSE(queue.is_over());
  queue.add("y\n");
  EXPECT_EQ(queue.dropped(), 1U);
  EXPECT_EQ(queue.take(true)->text, "x\n");
  queue.add("z\n");
  EXPECT_EQ(queue.take(true), nullptr) << "even where lines still come";
  EXPECT_EQ(queue.dropped(), 2U);
}

TEST(LogQueueTest, IsOverWhenItsTimeIs) {
  LogQueue queue(8, 100);
  queue.close(Clock::now());
  EXPECT_TRUE(queue.is_over());
}

TEST(LogQueueTest, ClosingEndsAllWaits) {
  LogQueue queue(8, 100);
  std::jthread waiting([&] { EXPECT_EQ(queue.take(true), nullptr); });
  std::jthread pausing([&] { queue.pause(std::chrono::hours(1)); });
  queue.close(Clock::now());
}

TEST(LogQueueTest, APauseIsAsLongAsItShall) {
  LogQueue queue(8, 100);
  const Deadline begin = Clock::now();
  std::jthread other([&] { queue.add("x\n"); });
  queue.pause(milliseconds(20));
  EXPECT_GE(Clock::now() - begin, milliseconds(20));
}

}  // namespace
}  // namespace imageserver
