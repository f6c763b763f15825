#include "base/worker_pool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "support/patience.h"

namespace imageserver {
namespace {

// Workers that are kept busy until release().
class WorkerPoolTest : public ::testing::Test {
 protected:
  void keep_busy(WorkerPool& pool, int workers) {
    for (int i = 0; i < workers; ++i) {
      ASSERT_TRUE(pool.try_submit([this](WorkerPool::Turn&) {
        ++running_;
        wait_for_release();
        ++ran_;
      }));
    }
    ASSERT_TRUE(testing::soon([&] { return running_ == workers; }));
  }

  bool submit(WorkerPool& pool) {
    return pool.try_submit([this](WorkerPool::Turn&) { ++ran_; });
  }

  void release() { release_.set_value(); }
  void wait_for_release() { EXPECT_TRUE(testing::comes(released_)); }

  std::atomic<int> ran_ = 0;

 private:
  std::atomic<int> running_ = 0;
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

TEST_F(WorkerPoolTest, RunsEveryJobItTookOnce) {
  WorkerPool pool({.threads = 2, .waiting = 1000});
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(submit(pool));
  pool.stop();
  EXPECT_EQ(ran_, 1000);
}

TEST_F(WorkerPoolTest, WorksAtALowerPriority) {
  constexpr int kNicest = 19;
  const int own = getpriority(PRIO_PROCESS, 0);
  std::promise<int> seen;
  WorkerPool pool({.threads = 1, .waiting = 1});
  ASSERT_TRUE(
      pool.try_submit([&](WorkerPool::Turn&) { seen.set_value(getpriority(PRIO_PROCESS, 0)); }));
  EXPECT_EQ(testing::awaited(seen.get_future()), std::min(own + WorkerPool::kNicer, kNicest));
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), own);
}

TEST_F(WorkerPoolTest, RefusesWhatFindsNoPlace) {
  WorkerPool pool({.threads = 2, .waiting = 3});
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
  WorkerPool pool({.threads = 2, .waiting = 3});
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
  WorkerPool pool({.threads = 1, .waiting = 0});
  keep_busy(pool, 1);
  EXPECT_FALSE(submit(pool));
  release();
  EXPECT_TRUE(testing::soon([&] { return submit(pool); }));
  pool.stop();
  EXPECT_EQ(ran_, 2);
}

TEST_F(WorkerPoolTest, AJobThatWasStoppedGivesItsPlaceUp) {
  WorkerPool pool({.threads = 1, .waiting = 1});
  keep_busy(pool, 1);
  std::stop_source stop;
  std::thread::id ended_on;
  ASSERT_TRUE(pool.try_submit([&](WorkerPool::Turn&) { ended_on = std::this_thread::get_id(); },
                              stop.get_token()));
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
  WorkerPool pool({.threads = 1, .waiting = 10});
  pool.stop();
  EXPECT_FALSE(submit(pool));
  pool.stop();
}

TEST_F(WorkerPoolTest, RunsTheExitHookOnEveryThread) {
  std::atomic<int> exits = 0;
  WorkerPool pool({.threads = 3, .waiting = 10, .on_thread_exit = [&] { ++exits; }});
  pool.stop();
  EXPECT_EQ(exits, 3);
}

TEST_F(WorkerPoolTest, WhatAJobHoldsIsFreedWhenItHasRun) {
  WorkerPool pool({.threads = 1, .waiting = 10});
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = held;
  ASSERT_TRUE(pool.try_submit([held = std::move(held)](WorkerPool::Turn&) {}));
  EXPECT_TRUE(testing::soon([&] { return watch.expired(); }));
  EXPECT_TRUE(submit(pool));
}

// Heavy jobs, the first of which keeps its place until release().
class HeavyJobs : public WorkerPoolTest {
 protected:
  using Admissions = std::vector<Admission>;

  bool submit_heavy(WorkerPool& pool, Admissions& told, std::stop_token stop = {}) {
    return pool.try_submit(
        [&told, stop](WorkerPool::Turn& turn) {
          if (!stop.stop_requested()) told.push_back(turn.admit_heavy());
        },
        stop);
  }

  void take_the_place(WorkerPool& pool) {
    std::promise<Admission> told;
    ASSERT_TRUE(pool.try_submit([&](WorkerPool::Turn& turn) {
      told.set_value(turn.admit_heavy());
      wait_for_release();
    }));
    ASSERT_EQ(testing::awaited(told.get_future()), Admission::kNow);
  }

  // Once it returns, the one worker that is left has run all that was submitted before.
  static void run_a_light_one(WorkerPool& pool) {
    std::promise<void> ran;
    ASSERT_TRUE(pool.try_submit([&](WorkerPool::Turn&) { ran.set_value(); }));
    testing::awaited(ran.get_future());
  }
};

TEST_F(HeavyJobs, WithoutAPlaceTheyWaitAndLightOnesRun) {
  Admissions second;
  Admissions third;
  WorkerPool pool({.threads = 2, .waiting = 10});
  take_the_place(pool);
  ASSERT_TRUE(submit_heavy(pool, second));
  ASSERT_TRUE(submit_heavy(pool, third));
  run_a_light_one(pool);
  EXPECT_EQ(second, Admissions{Admission::kLater});
  EXPECT_EQ(third, Admissions{Admission::kLater});
  release();
  pool.stop();
  EXPECT_EQ(second, (Admissions{Admission::kLater, Admission::kNow}));
  EXPECT_EQ(third, (Admissions{Admission::kLater, Admission::kNow}));
}

TEST_F(HeavyJobs, AreRefusedWhereTooManyWait) {
  Admissions first;
  Admissions second;
  Admissions refused;
  WorkerPool pool({.threads = 2, .waiting = 4});
  take_the_place(pool);
  ASSERT_TRUE(submit_heavy(pool, first));
  ASSERT_TRUE(submit_heavy(pool, second));
  run_a_light_one(pool);
  ASSERT_TRUE(submit_heavy(pool, refused));
  run_a_light_one(pool);
  release();
  pool.stop();
  EXPECT_EQ(first, (Admissions{Admission::kLater, Admission::kNow}));
  EXPECT_EQ(second, (Admissions{Admission::kLater, Admission::kNow}));
  EXPECT_EQ(refused, Admissions{Admission::kRefused}) << "and it does not run again";
}

TEST_F(HeavyJobs, ThatWereStoppedGiveUpTheirPlaces) {
  Admissions stopped;
  Admissions waits;
  std::stop_source stop;
  WorkerPool pool({.threads = 2, .waiting = 4});
  take_the_place(pool);
  ASSERT_TRUE(submit_heavy(pool, stopped, stop.get_token()));
  ASSERT_TRUE(submit_heavy(pool, stopped, stop.get_token()));
  run_a_light_one(pool);
  stop.request_stop();
  ASSERT_TRUE(submit_heavy(pool, waits));
  run_a_light_one(pool);
  EXPECT_EQ(waits, Admissions{Admission::kLater});
  release();
  pool.stop();
  EXPECT_EQ(stopped, (Admissions{Admission::kLater, Admission::kLater}));
  EXPECT_EQ(waits, (Admissions{Admission::kLater, Admission::kNow}));
}

TEST_F(HeavyJobs, ThatFindAPlaceFreeRunOnce) {
  Admissions told;
  WorkerPool pool({.threads = 2, .waiting = 10});
  ASSERT_TRUE(submit_heavy(pool, told));
  pool.stop();
  EXPECT_EQ(told, Admissions{Admission::kNow});
}

}  // namespace
}  // namespace imageserver
