#include "base/mutex.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "support/patience.h"

namespace imageserver {
namespace {

// Numbers that threads hand on one by one.
class Turns {
 public:
  void wait_for(int turn) {
    const MutexLock lock(mutex_);
    while (turn_ != turn) changed_.wait(mutex_);
  }

  void next() {
    {
      const MutexLock lock(mutex_);
      ++turn_;
    }
    changed_.notify_all();
  }

 private:
  Mutex mutex_;
  ConditionVariable changed_;
  int turn_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
};

TEST(MutexTest, OneThreadAtATimeHoldsIt) {
  constexpr int kRounds = 20'000;
  Mutex mutex;
  int count = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        const MutexLock lock(mutex);
        ++count;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(count, 4 * kRounds);
}

TEST(ConditionVariableTest, GivesTheMutexUpWhileItWaitsAndHasItAgainAfterwards) {
  Turns turns;
  std::vector<int> order;
  std::jthread second([&] {
    turns.wait_for(1);
    order.push_back(2);
    turns.next();
  });
  order.push_back(1);
  turns.next();
  turns.wait_for(2);
  order.push_back(3);
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST(ConditionVariableTest, WaitsNoLongerThanItMay) {
  Mutex mutex;
  ConditionVariable never;
  const Deadline end = Clock::now() + milliseconds(20);
  const MutexLock lock(mutex);
  while (Clock::now() < end) never.wait_until(mutex, end);
}

TEST(ConditionVariableTest, IsToldBeforeItsTimeIsOver) {
  Mutex mutex;
  ConditionVariable changed;
  bool told = false;
  std::jthread other([&] {
    const MutexLock lock(mutex);
    told = true;
    changed.notify_all();
  });
  const Deadline end = Clock::now() + testing::kShortPatience;
  const MutexLock lock(mutex);
  while (!told && Clock::now() < end) changed.wait_until(mutex, end);
  EXPECT_LT(Clock::now(), end);
}

}  // namespace
}  // namespace imageserver
