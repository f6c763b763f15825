#include "server/worker_job.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <future>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <utility>
#include <vector>

#include "support/patience.h"

namespace imageserver {
namespace {

constexpr std::int64_t kHeavy = kMostLightWork + 1;

// Two workers, one place for heavy work, and work that counts how often it is called.
class WorkerJobTest : public ::testing::Test {
 protected:
  // Outlives a test that has ended.
  using Answer = std::shared_ptr<std::promise<Result<int>>>;

  static Answer unanswered() { return std::make_shared<std::promise<Result<int>>>(); }

  // Work of these amounts, one asked for after the other.
  void run(WorkerPool& workers, const std::vector<std::int64_t>& amounts, const Answer& answer,
           const std::stop_token& stop = {}) {
    run_on<int>(
        workers, "name", stop,
        [this, amounts](const Admit& admit) -> Result<int> {
          const int calls = ++calls_;
          for (const std::int64_t amount : amounts) {
            if (!admit({.work = amount})) return cancelled();
          }
          return calls;
        },
        [answer](Result<int> result) { answer->set_value(std::move(result)); });
  }

  // Work that takes so many bytes.
  void run_taking(WorkerPool& workers, std::int64_t bytes, const Answer& answer) {
    run_on<int>(
        workers, "name", {},
        [this, bytes](const Admit& admit) -> Result<int> {
          const int calls = ++calls_;
          if (!admit({.memory = bytes})) return cancelled();
          return calls;
        },
        [answer](Result<int> result) { answer->set_value(std::move(result)); });
  }

  // Takes the place for heavy work until release().
  void take_the_place(WorkerPool& workers) {
    std::promise<void> taken;
    run_on<int>(
        workers, "name", {},
        [&](const Admit& admit) -> Result<int> {
          EXPECT_TRUE(admit({.work = kHeavy}));
          taken.set_value();
          EXPECT_TRUE(testing::comes(released_));
          return 0;
        },
        [](const Result<int>&) {});
    testing::awaited(taken.get_future());
  }

  void release() { release_.set_value(); }

  static Result<int> of(const Answer& answer) { return testing::awaited(answer->get_future()); }

 private:
  int calls_ = 0;  // in one turn at a time
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

TEST_F(WorkerJobTest, LightWorkNeedsNoPlaceForHeavyWork) {
  WorkerPool workers({.threads = 2, .waiting = 10});
  take_the_place(workers);
  const Answer answer = unanswered();
  run(workers, {kMostLightWork, kMostLightWork}, answer);
  EXPECT_EQ(*of(answer), 1);
  release();
}

TEST_F(WorkerJobTest, HeavyWorkIsCalledAgainWhenThereIsAPlaceAndAnsweredOnce) {
  WorkerPool workers({.threads = 2, .waiting = 10});
  take_the_place(workers);
  const Answer heavy = unanswered();
  const Answer light = unanswered();
  run(workers, {1, kHeavy}, heavy);
  run(workers, {1}, light);
  EXPECT_EQ(*of(light), 2);
  release();
  EXPECT_EQ(*of(heavy), 3);
}

TEST_F(WorkerJobTest, HeavyWorkThatFindsNoRoomIsBusy) {
  WorkerPool workers({.threads = 2, .waiting = 0});
  take_the_place(workers);
  const Answer answer = unanswered();
  run(workers, {kHeavy}, answer);
  EXPECT_EQ(of(answer).error(), busy());
  release();
}

TEST_F(WorkerJobTest, WhatWaitsForAPlaceCanBeStopped) {
  WorkerPool workers({.threads = 2, .waiting = 10});
  take_the_place(workers);
  std::stop_source stop;
  const Answer heavy = unanswered();
  const Answer light = unanswered();
  run(workers, {kHeavy}, heavy, stop.get_token());
  run(workers, {1}, light);
  EXPECT_EQ(*of(light), 2);
  stop.request_stop();
  release();
  EXPECT_EQ(of(heavy).error().kind, ErrorKind::kCancelled);
}

TEST_F(WorkerJobTest, WorkThatTakesMuchMemoryIsHeavy) {
  WorkerPool workers({.threads = 2, .waiting = 10, .memory = {.own = 100, .shared = 50}});
  take_the_place(workers);
  const Answer light = unanswered();
  run_taking(workers, 100, light);
  EXPECT_EQ(*of(light), 1);
  const Answer heavy = unanswered();
  run_taking(workers, 101, heavy);
  const Answer next = unanswered();
  run(workers, {1}, next);
  EXPECT_EQ(*of(next), 3);
  release();
  EXPECT_EQ(*of(heavy), 4);
}

TEST_F(WorkerJobTest, WorkForWhichThereIsNeverEnoughMemoryIsRefused) {
  WorkerPool workers({.threads = 2, .waiting = 10, .memory = {.own = 100, .shared = 50}});
  const Answer answer = unanswered();
  run_taking(workers, 151, answer);
  EXPECT_EQ(of(answer).error(), needs_memory());
}

TEST_F(WorkerJobTest, WhatWaitsTooLongForMemoryIsBusy) {
  WorkerPool workers({.threads = 2,
                      .waiting = 10,
                      .memory = {.own = 100, .shared = 50},
                      .patience = milliseconds(20)});
  take_the_place(workers);
  const Answer answer = unanswered();
  run_taking(workers, 150, answer);
  EXPECT_EQ(of(answer).error(), busy());
  release();
}

// As an untrusted renderer may: the first no holds, and the job is done once.
TEST_F(WorkerJobTest, WhoAsksAgainAfterANoIsToldTheSame) {
  WorkerPool workers({.threads = 2, .waiting = 10, .memory = {.own = 100, .shared = 50}});
  take_the_place(workers);
  const Answer answer = unanswered();
  std::promise<void> refused;
  int asked = 0;
  run_on<int>(
      workers, "name", {},
      [&](const Admit& admit) -> Result<int> {
        ++asked;
        const bool first = admit({.memory = 120});
        EXPECT_EQ(admit({.memory = 0}), first);
        EXPECT_EQ(admit({.memory = 150}), first);
        if (first) return asked;
        refused.set_value();
        return cancelled();
      },
      [answer](Result<int> result) { answer->set_value(std::move(result)); });
  testing::awaited(refused.get_future());
  release();
  EXPECT_EQ(*of(answer), 2);
  for (int i = 0; i < 10; ++i) {  // nothing of the books has drifted
    const Answer all = unanswered();
    run_taking(workers, 150, all);
    EXPECT_TRUE(of(all).has_value());
    const Answer more = unanswered();
    run_taking(workers, 151, more);
    EXPECT_TRUE(of(more).has_error());
  }
}

TEST_F(WorkerJobTest, WhatThrowsIsAnErrorLikeAnyOther) {
  WorkerPool workers({.threads = 1, .waiting = 10});
  const Answer answer = unanswered();
  run_on<int>(
      workers, "name", {},
      [](const Admit&) -> Result<int> { throw std::runtime_error("the disk is on fire"); },
      [answer](Result<int> result) { answer->set_value(std::move(result)); });
  EXPECT_EQ(of(answer).error(), (Error{ErrorKind::kInternal, "internal error"}));
}

}  // namespace
}  // namespace imageserver
