#include "groupcache/singleflight.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/images.h"
#include "support/patience.h"

namespace imageserver {
namespace {

class SingleflightTest : public ::testing::Test {
 protected:
  Singleflight::Joined join(const std::string& key, int waiter) {
    return flights_.join(key,
                         [this, waiter](const Result<ImagePtr>&) { ended_.push_back(waiter); });
  }

  Singleflight flights_;
  std::vector<int> ended_;
  const Result<ImagePtr> result_ = testing::image_of("x");
};

TEST_F(SingleflightTest, TheFirstLeadsAndAllGetTheResult) {
  const auto first = join("k", 1);
  const auto second = join("k", 2);
  const auto other = join("other", 3);

  EXPECT_TRUE(first.leads);
  EXPECT_FALSE(second.leads);
  EXPECT_TRUE(other.leads);

  flights_.finish(first.flight, result_);
  EXPECT_EQ(ended_, (std::vector{1, 2}));
}

TEST_F(SingleflightTest, AfterTheEndTheNextOneLeadsAnew) {
  const auto first = join("k", 1);
  flights_.finish(first.flight, result_);

  EXPECT_TRUE(join("k", 2).leads);
}

TEST_F(SingleflightTest, AWaiterThatLeavesIsNotCalledAndTheOthersAre) {
  const auto leader = join("k", 1);
  const auto second = join("k", 2);

  EXPECT_TRUE(flights_.leave(leader.ticket));
  EXPECT_FALSE(leader.flight->stop.stop_requested());
  flights_.finish(leader.flight, result_);

  EXPECT_EQ(ended_, (std::vector{2}));
}

TEST_F(SingleflightTest, WhenTheLastOneLeavesTheWorkIsStoppedAndTheKeyIsFree) {
  const auto leader = join("k", 1);
  const auto second = join("k", 2);
  flights_.leave(leader.ticket);
  flights_.leave(second.ticket);

  EXPECT_TRUE(leader.flight->stop.stop_requested());

  const auto anew = join("k", 3);
  EXPECT_TRUE(anew.leads);
  flights_.finish(leader.flight, result_);
  EXPECT_TRUE(ended_.empty()) << "the abandoned flight must not end its successor";
  flights_.finish(anew.flight, result_);
  EXPECT_EQ(ended_, (std::vector{3}));
}

TEST_F(SingleflightTest, AnAbandonedFlightThatEndsLeavesItsSuccessorAlone) {
  const auto abandoned = join("k", 1);
  flights_.leave(abandoned.ticket);
  const auto successor = join("k", 2);
  ASSERT_TRUE(successor.leads);

  flights_.finish(abandoned.flight, result_);
  EXPECT_FALSE(flights_.leave(abandoned.ticket));
  EXPECT_FALSE(join("k", 3).leads) << "the successor is still under way";

  flights_.finish(successor.flight, result_);
  EXPECT_EQ(ended_, (std::vector{2, 3}));
}

TEST_F(SingleflightTest, LeavingTwiceOrAfterTheEndReturnsFalse) {
  const auto leader = join("k", 1);
  const auto second = join("k", 2);

  EXPECT_TRUE(flights_.leave(second.ticket));
  EXPECT_FALSE(flights_.leave(second.ticket));
  flights_.finish(leader.flight, result_);
  EXPECT_FALSE(flights_.leave(leader.ticket));
}

TEST_F(SingleflightTest, ASecondFinishDoesNothing) {
  const auto leader = join("k", 1);
  flights_.finish(leader.flight, result_);
  flights_.finish(leader.flight, result_);

  EXPECT_EQ(ended_, (std::vector{1}));
}

TEST_F(SingleflightTest, ACompletionMayJoinAgain) {
  Singleflight flights;
  bool led_again = false;
  const auto leader = flights.join("k", [&](const Result<ImagePtr>&) {
    led_again = flights.join("k", [](const Result<ImagePtr>&) {}).leads;
  });
  flights.finish(leader.flight, result_);

  EXPECT_TRUE(led_again);
}

TEST_F(SingleflightTest, NoCompletionIsFreedUnderTheLock) {
  int freed = 0;
  const auto join_with = [&](const char* what) {
    const std::shared_ptr<void> end(nullptr, [&, what](void*) {
      ++freed;
      const auto joins = std::async(std::launch::async, [&] { return join("other", 9).leads; });
      EXPECT_TRUE(testing::comes(joins)) << what << " is freed while the lock is held";
    });
    return flights_.join("k", [end](const Result<ImagePtr>&) {});
  };
  const auto leaves = join_with("one that leaves");
  const auto ends = join_with("one whose flight ends");
  flights_.leave(leaves.ticket);
  EXPECT_EQ(freed, 1);
  flights_.finish(ends.flight, result_);
  EXPECT_EQ(freed, 2);
}

TEST_F(SingleflightTest, UnderRacingThreadsEveryWaiterIsCalledOnceOrLeft) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 5'000;
  Singleflight flights;
  std::atomic<int> called = 0;
  std::atomic<int> left = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        auto joined = flights.join("k", [&](const Result<ImagePtr>&) { ++called; });
        if ((i + t) % 3 == 0 && flights.leave(joined.ticket)) ++left;
        if (joined.leads) flights.finish(joined.flight, testing::image_of("x"));
      }
    });
  }
  for (auto& thread : threads) thread.join();

  EXPECT_EQ(called + left, kThreads * kRounds);
  EXPECT_GT(called, 0);
  EXPECT_GT(left, 0);
}

}  // namespace
}  // namespace imageserver
