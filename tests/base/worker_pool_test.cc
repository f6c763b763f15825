#include "base/worker_pool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <thread>

namespace imageserver {
namespace {

// Workers that are kept busy until release().
class WorkerPoolTest : public ::testing::Test {
 protected:
  void keep_busy(WorkerPool& pool, int workers) {
    std::atomic<int> running = 0;
    for (int i = 0; i < workers; ++i) {
      ASSERT_TRUE(pool.try_submit([this, &running] {
        ++running;
        released_.wait();
        ++ran_;
      }));
    }
    while (running < workers) std::this_thread::yield();
  }

  bool submit(WorkerPool& pool) {
    return pool.try_submit([this] { ++ran_; });
  }

  void release() { release_.set_value(); }

  std::atomic<int> ran_ = 0;

 private:
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

TEST_F(WorkerPoolTest, RunsEveryJobItTookOnce) {
  WorkerPool pool(2, 1000);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(submit(pool));
  pool.stop();
  EXPECT_EQ(ran_, 1000);
}

TEST_F(WorkerPoolTest, WorksAtALowerPriority) {
  constexpr int kNicest = 19;
  const int own = getpriority(PRIO_PROCESS, 0);
  std::promise<int> seen;
  WorkerPool pool(1, 1);
  ASSERT_TRUE(pool.try_submit([&] { seen.set_value(getpriority(PRIO_PROCESS, 0)); }));
  EXPECT_EQ(seen.get_future().get(), std::min(own + WorkerPool::kNicer, kNicest));
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), own);
}

TEST_F(WorkerPoolTest, RefusesWhatFindsNoPlace) {
  WorkerPool pool(2, 3);
  keep_busy(pool, 2);
  EXPECT_TRUE(submit(pool));
  EXPECT_TRUE(submit(pool));
  EXPECT_TRUE(submit(pool));
  EXPECT_FALSE(submit(pool));
  release();
  pool.stop();
  EXPECT_EQ(ran_, 5);
}

TEST_F(WorkerPoolTest, KnowsHowManyJobsWait) {
  WorkerPool pool(2, 3);
  EXPECT_EQ(pool.size(), 2U);
  keep_busy(pool, 2);
  EXPECT_EQ(pool.waiting(), 0U);
  EXPECT_TRUE(submit(pool));
  EXPECT_TRUE(submit(pool));
  EXPECT_EQ(pool.waiting(), 2U);
  release();
  pool.stop();
  EXPECT_EQ(pool.waiting(), 0U);
}

TEST_F(WorkerPoolTest, WithNoRoomToWaitAnIdleWorkerStillTakesAJob) {
  WorkerPool pool(1, 0);
  keep_busy(pool, 1);
  EXPECT_FALSE(submit(pool));
  release();
  while (!submit(pool)) std::this_thread::yield();
  pool.stop();
  EXPECT_EQ(ran_, 2);
}

TEST_F(WorkerPoolTest, AJobThatWasStoppedGivesItsPlaceUp) {
  WorkerPool pool(1, 1);
  keep_busy(pool, 1);
  std::stop_source stop;
  std::thread::id ended_on;
  ASSERT_TRUE(pool.try_submit([&] { ended_on = std::this_thread::get_id(); }, stop.get_token()));
  EXPECT_FALSE(submit(pool));

  stop.request_stop();
  EXPECT_TRUE(submit(pool));
  EXPECT_EQ(ended_on, std::this_thread::get_id());
  EXPECT_FALSE(submit(pool));
  release();
  pool.stop();
  EXPECT_EQ(ran_, 2);
}

TEST_F(WorkerPoolTest, AfterStopItTakesNothing) {
  WorkerPool pool(1, 10);
  pool.stop();
  EXPECT_FALSE(submit(pool));
  pool.stop();
}

TEST_F(WorkerPoolTest, RunsTheExitHookOnEveryThread) {
  std::atomic<int> exits = 0;
  WorkerPool pool(3, 10, [&] { ++exits; });
  pool.stop();
  EXPECT_EQ(exits, 3);
}

TEST_F(WorkerPoolTest, WhatAJobHoldsIsFreedWhenItHasRun) {
  WorkerPool pool(1, 10);
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = held;
  ASSERT_TRUE(pool.try_submit([held = std::move(held)] {}));
  while (!watch.expired()) std::this_thread::yield();
  EXPECT_TRUE(submit(pool));
}

}  // namespace
}  // namespace imageserver
