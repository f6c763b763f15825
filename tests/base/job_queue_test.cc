#include "base/job_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace imageserver {
namespace {

using Queue = JobQueue<std::string>;
using Names = std::vector<std::string>;

// A queue and its workers. Jobs are names; those that begin with "heavy" say so when they run.
class Workers {
 public:
  Workers(std::size_t workers, std::size_t waiting) : queue_(workers, waiting) {}

  bool push(const std::string& name, std::stop_token stop = {}) {
    Queue::Entry entry{name, std::move(stop)};
    return queue_.push(entry);
  }

  void push_all(const Names& names) {
    for (const std::string& name : names) EXPECT_TRUE(push(name)) << name;
  }

  // Idle workers take jobs until no more may run. What happened: "a" runs, "heavy?" was put back,
  // "heavy!" was refused.
  Names run() {
    Names names;
    while (std::optional<Queue::Taken> taken = queue_.take()) names.push_back(run(*taken));
    return names;
  }

  void end(const std::string& name) {
    const auto found = std::ranges::find_if(
        running_, [&](const Queue::Taken& taken) { return taken.entry.job == name; });
    ASSERT_NE(found, running_.end()) << name;
    queue_.ended(found->share);
    running_.erase(found);
  }

  [[nodiscard]] std::ptrdiff_t heavy_running() const {
    return std::ranges::count_if(
        running_, [](const Queue::Taken& taken) { return taken.share.weight == Weight::kHeavy; });
  }

  [[nodiscard]] Queue& queue() { return queue_; }

 private:
  std::string run(Queue::Taken& taken) {
    std::string name = taken.entry.job;
    if (taken.share.weight == Weight::kLight && name.starts_with("heavy")) {
      const Admission admission = queue_.weigh_as_heavy(0, taken.share);
      if (admission == Admission::kLater) queue_.put_back(std::move(taken.entry), 0, taken.share);
      if (admission == Admission::kRefused) queue_.ended(taken.share);
      if (admission != Admission::kNow) return name + (admission == Admission::kLater ? "?" : "!");
    }
    running_.push_back(std::move(taken));
    return name;
  }

  Queue queue_;
  std::vector<Queue::Taken> running_;
};

TEST(JobQueueTest, FirstComeFirstServed) {
  Workers workers(1, 10);
  workers.push_all({"a", "b", "c"});
  for (const char* name : {"a", "b", "c"}) {
    EXPECT_EQ(workers.run(), Names{name});
    workers.end(name);
  }
  EXPECT_EQ(workers.run(), Names());
}

TEST(JobQueueTest, HeavyJobsRunOnHalfOfTheWorkersAtMost) {
  for (const auto& [count, most] : std::vector<std::pair<std::size_t, std::ptrdiff_t>>{
           {1, 1}, {2, 1}, {3, 1}, {4, 2}, {9, 4}}) {
    Workers workers(count, 100);
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(workers.push("heavy" + std::to_string(i)));
    workers.run();
    EXPECT_EQ(workers.heavy_running(), most) << count;
  }
}

TEST(JobQueueTest, LightJobsPassHeavyOnesThatWait) {
  Workers workers(2, 10);
  workers.push_all({"heavy1", "heavy2", "heavy3", "a", "b"});
  EXPECT_EQ(workers.run(), (Names{"heavy1", "heavy2?", "heavy3?", "a"}));
  workers.end("a");
  EXPECT_EQ(workers.run(), Names{"b"});
  workers.end("b");
  EXPECT_EQ(workers.run(), Names()) << "one worker is kept for light ones";
}

TEST(JobQueueTest, HeavyJobsComeInTheirOrderAndBeforeLightOnesWhileTheyHaveAPlace) {
  Workers workers(2, 10);
  workers.push_all({"heavy1", "heavy2", "heavy3", "a"});
  workers.run();
  workers.push_all({"b", "c", "d"});
  for (const char* next : {"heavy2", "heavy3"}) {
    workers.end(next == std::string("heavy2") ? "heavy1" : "heavy2");
    EXPECT_EQ(workers.run(), Names{next});
  }
  workers.end("heavy3");
  EXPECT_EQ(workers.run(), Names{"b"}) << "with no heavy one left, all workers are for light ones";
  workers.end("a");
  EXPECT_EQ(workers.run(), Names{"c"});
}

TEST(JobQueueTest, AJobThatIsFoundHeavyDoesNotPassOthersThatWait) {
  Workers workers(4, 10);
  workers.push_all({"heavy1", "heavy2", "heavy3", "heavy4"});
  EXPECT_EQ(workers.run(), (Names{"heavy1", "heavy2", "heavy3?", "heavy4?"}));
  // A light worker takes the next one, a heavy job ends, and only then is the next one weighed.
  workers.push_all({"heavy5"});
  std::optional<Queue::Taken> fifth = workers.queue().take();
  ASSERT_TRUE(fifth.has_value());
  workers.end("heavy1");
  ASSERT_EQ(workers.queue().weigh_as_heavy(0, fifth->share), Admission::kLater);
  workers.queue().put_back(std::move(fifth->entry), 0, fifth->share);
  EXPECT_EQ(workers.run(), Names{"heavy3"});
  workers.end("heavy2");
  EXPECT_EQ(workers.run(), Names{"heavy4"});
  workers.end("heavy3");
  EXPECT_EQ(workers.run(), Names{"heavy5"});
}

TEST(JobQueueTest, AnyNumberOfLightJobsDoesNotStarveAHeavyOne) {
  Workers workers(2, 10);
  workers.push_all({"heavy1", "heavy2", "a"});
  EXPECT_EQ(workers.run(), (Names{"heavy1", "heavy2?", "a"}));
  for (int i = 0; i < 100; ++i) {
    workers.push_all({"b"});
    workers.end(i == 0 ? "a" : "b");
    EXPECT_EQ(workers.run(), Names{"b"});
  }
  workers.push_all({"b", "b", "b"});
  workers.end("heavy1");
  EXPECT_EQ(workers.run(), Names{"heavy2"});
}

TEST(JobQueueTest, ASingleWorkerServesBothKindsInTurn) {
  Workers workers(1, 10);
  workers.push_all({"heavy1", "heavy2", "a", "b"});
  EXPECT_EQ(workers.run(), Names{"heavy1"}) << "nothing can take the worker from it";
  workers.end("heavy1");
  // The second is found to be heavy: those that waited when the first one ended go before it.
  EXPECT_EQ(workers.run(), (Names{"heavy2?", "a"}));
  workers.push_all({"c"});
  workers.end("a");
  EXPECT_EQ(workers.run(), Names{"b"});
  workers.end("b");
  EXPECT_EQ(workers.run(), Names{"heavy2"}) << "it does not wait for those that came later";
  workers.end("heavy2");
  EXPECT_EQ(workers.run(), Names{"c"});
}

TEST(JobQueueTest, WhatIsOverTheBoundIsRefused) {
  Workers workers(2, 3);
  workers.push_all({"a", "b"});
  EXPECT_EQ(workers.run().size(), 2U);
  workers.push_all({"c", "d", "e"});
  EXPECT_FALSE(workers.push("f"));
  workers.end("a");
  EXPECT_TRUE(workers.push("f")) << "an idle worker is about to take one";
  EXPECT_FALSE(workers.push("g"));
}

TEST(JobQueueTest, HeavyJobsTakeHalfOfThePlacesAtMost) {
  for (const auto& [places, heavy] :
       std::vector<std::pair<std::size_t, int>>{{0, 0}, {1, 1}, {2, 1}, {3, 2}, {10, 5}}) {
    Workers workers(2, places);
    ASSERT_TRUE(workers.push("heavy"));
    ASSERT_EQ(workers.run(), Names{"heavy"});
    for (int i = 0; i < heavy; ++i) {
      ASSERT_TRUE(workers.push("heavy"));
      EXPECT_EQ(workers.run(), Names{"heavy?"}) << places;
    }
    ASSERT_TRUE(workers.push("heavy"));
    EXPECT_EQ(workers.run(), Names{"heavy!"}) << places;
    // The others are for light ones, beside the one that the idle worker takes.
    const std::size_t light = places - static_cast<std::size_t>(heavy) + 1;
    for (std::size_t i = 0; i < light; ++i) EXPECT_TRUE(workers.push("a")) << places;
    EXPECT_FALSE(workers.push("a")) << places;
  }
}

TEST(JobQueueTest, AJobOnItsWayBackHasItsPlaceAlready) {
  Workers workers(4, 2);
  workers.push_all({"heavy1", "heavy2"});
  workers.run();
  workers.push_all({"heavy3", "heavy4"});
  std::optional<Queue::Taken> third = workers.queue().take();
  ASSERT_TRUE(workers.queue().take().has_value());
  ASSERT_EQ(workers.queue().weigh_as_heavy(0, third->share), Admission::kLater);
  EXPECT_EQ(workers.queue().weigh_as_heavy(0, third->share), Admission::kRefused);
  workers.queue().put_back(std::move(third->entry), 0, third->share);
}

// A queue for four workers, so with two heavy places, whose jobs have 10 bytes each and share 100.
class JobMemoryTest : public ::testing::Test {
 protected:
  Queue::Taken take(const std::string& name) {
    Queue::Entry entry{name, {}};
    EXPECT_TRUE(queue_.push(entry));
    return *queue_.take();
  }

  Admission weigh(Queue::Taken& taken, std::int64_t bytes) {
    const Admission admission = queue_.weigh_as_heavy(bytes, taken.share);
    if (admission == Admission::kLater) queue_.put_back(std::move(taken.entry), bytes, taken.share);
    return admission;
  }

  Queue queue_{4, 10, {.own = 10, .shared = 100}};
};

TEST_F(JobMemoryTest, WhatFindsItsMemoryFreeGoesOn) {
  Queue::Taken first = take("first");
  Queue::Taken second = take("second");
  EXPECT_EQ(weigh(first, 70), Admission::kNow);
  EXPECT_EQ(first.share.memory, 60);
  EXPECT_EQ(weigh(second, 50), Admission::kNow);
  EXPECT_EQ(second.share.memory, 40);
}

TEST_F(JobMemoryTest, WhatDoesNotWaitsUntilItIsFree) {
  Queue::Taken first = take("first");
  Queue::Taken second = take("second");
  EXPECT_EQ(weigh(first, 70), Admission::kNow);
  EXPECT_EQ(weigh(second, 51), Admission::kLater);
  EXPECT_FALSE(queue_.take().has_value()) << "there is a place, but no memory";
  queue_.ended(first.share);
  const auto again = queue_.take();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->entry.job, "second");
  EXPECT_EQ(again->share.weight, Weight::kHeavy);
  EXPECT_EQ(again->share.memory, 41);
}

TEST_F(JobMemoryTest, LightOnesPassTheOneThatWaits) {
  Queue::Taken first = take("first");
  Queue::Taken second = take("second");
  EXPECT_EQ(weigh(first, 110), Admission::kNow);
  EXPECT_EQ(weigh(second, 11), Admission::kLater);
  EXPECT_EQ(take("light").entry.job, "light");
}

// Else small ones would pass a large one for ever.
TEST_F(JobMemoryTest, HeavyOnesComeInTheirOrder) {
  Queue::Taken first = take("first");
  Queue::Taken large = take("large");
  Queue::Taken small = take("small");
  EXPECT_EQ(weigh(first, 70), Admission::kNow);
  EXPECT_EQ(weigh(large, 110), Admission::kLater);
  EXPECT_EQ(weigh(small, 15), Admission::kLater);
  EXPECT_FALSE(queue_.take().has_value());
  queue_.ended(first.share);
  EXPECT_EQ(queue_.take()->entry.job, "large");
}

TEST_F(JobMemoryTest, WhatNeverFitsIsTold) {
  Queue::Taken first = take("first");
  EXPECT_EQ(weigh(first, 111), Admission::kNever);
  EXPECT_EQ(weigh(first, 110), Admission::kNow) << "and it has lost nothing";
}

TEST_F(JobMemoryTest, AJobMayNeedMoreThanAtFirst) {
  Queue::Taken first = take("first");
  Queue::Taken second = take("second");
  EXPECT_EQ(weigh(first, 30), Admission::kNow);
  EXPECT_EQ(weigh(first, 50), Admission::kNow);
  EXPECT_EQ(weigh(first, 20), Admission::kNow);
  EXPECT_EQ(first.share.memory, 40) << "it keeps what it had";
  EXPECT_EQ(weigh(second, 70), Admission::kNow);
  EXPECT_EQ(weigh(first, 51), Admission::kLater) << "it gives all back once it waits";
  Queue::Taken third = take("third");
  EXPECT_EQ(weigh(third, 50), Admission::kLater) << "behind the one that waits";
  queue_.ended(second.share);
  EXPECT_EQ(queue_.take()->share.memory, 41);
  EXPECT_EQ(queue_.take()->share.memory, 40);
}

TEST_F(JobMemoryTest, WhatAJobHasAlreadyIsFreeForIt) {
  Queue::Taken first = take("first");
  EXPECT_EQ(weigh(first, 70), Admission::kNow);
  EXPECT_EQ(weigh(first, 110), Admission::kNow);
  EXPECT_EQ(first.share.memory, 100);
}

TEST_F(JobMemoryTest, WhoWaitsTooLongIsTakenOut) {
  const Deadline now = Clock::now();
  Queue::Taken first = take("first");
  Queue::Taken second = take("second");
  Queue::Taken third = take("third");
  EXPECT_EQ(queue_.next_late(), Deadline::max());
  EXPECT_EQ(weigh(first, 110), Admission::kNow);
  second.entry.until = now;
  EXPECT_EQ(weigh(second, 20), Admission::kLater);
  third.entry.until = now + milliseconds(5);
  EXPECT_EQ(weigh(third, 20), Admission::kLater);
  EXPECT_EQ(queue_.next_late(), now);
  EXPECT_TRUE(queue_.take_late(now - milliseconds(1)).empty());
  ASSERT_EQ(queue_.take_late(now).size(), 1U);
  EXPECT_EQ(queue_.next_late(), now + milliseconds(5));
  ASSERT_EQ(queue_.take_late(now + milliseconds(6)).size(), 1U) << "nobody looked just then";
  EXPECT_EQ(queue_.next_late(), Deadline::max());
}

TEST(JobQueueTest, JobsThatWereStoppedAreTakenOut) {
  Workers workers(2, 10);
  std::stop_source stop;
  ASSERT_TRUE(workers.push("heavy1"));
  ASSERT_TRUE(workers.push("heavy2", stop.get_token()));
  workers.push_all({"heavy3", "a"});
  workers.run();
  ASSERT_TRUE(workers.push("b", stop.get_token()));
  EXPECT_TRUE(workers.queue().take_stopped().empty()) << "somebody waits for all of them";
  stop.request_stop();
  ASSERT_EQ(workers.queue().take_stopped_heavy().size(), 1U);
  const std::vector<Queue::Entry> stopped = workers.queue().take_stopped();
  ASSERT_EQ(stopped.size(), 1U);
  EXPECT_EQ(stopped.front().job, "b");
  workers.end("heavy1");
  EXPECT_EQ(workers.run(), Names{"heavy3"});
}

TEST(JobQueueTest, HeavyJobsAreNoBacklogForLightOnes) {
  Workers workers(2, 10);
  workers.push_all({"heavy1", "heavy2", "heavy3"});
  workers.run();
  EXPECT_EQ(workers.queue().light_waiting(), 0U);
  workers.push_all({"a", "b", "c"});
  EXPECT_EQ(workers.queue().light_waiting(), 2U) << "an idle worker takes the first";
  EXPECT_EQ(workers.run(), Names{"a"});
  EXPECT_EQ(workers.queue().light_waiting(), 2U);
}

}  // namespace
}  // namespace imageserver
