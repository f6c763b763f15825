#include "server/worker_job.h"

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>

#include "support/patience.h"

namespace imageserver {
namespace {

// One worker, and room for one job that waits.
class WorkerJobEndTest : public ::testing::Test {
 protected:
  ~WorkerJobEndTest() override {
    if (blocked_) release();
  }

  std::future<Result<int>> run(const std::function<Result<int>()>& work,
                               const std::stop_token& stop = {}) {
    const auto promise = std::make_shared<std::promise<Result<int>>>();
    const std::function<void(Result<int>)> done = [promise](const Result<int>& result) {
      promise->set_value(result);
    };
    run_on<int>(workers_, "test", stop, [work](const Admit&) { return work(); }, done);
    return promise->get_future();
  }

  // The worker begins a job that lasts until release().
  std::future<Result<int>> block() {
    blocked_ = true;
    auto blocked = run([this]() -> Result<int> {
      begun_.set_value();
      testing::awaited(released_.get_future());
      return 0;
    });
    testing::awaited(begun_.get_future());
    return blocked;
  }

  void release() {
    blocked_ = false;
    released_.set_value();
  }

  static Result<int> seven() { return 7; }

  static Result<int> not_to_be_called() {
    ADD_FAILURE() << "the work was called";
    return 0;
  }

  std::promise<void> begun_;
  std::promise<void> released_;
  bool blocked_ = false;
  WorkerPool workers_{{.threads = 1, .waiting = 1}};
};

TEST_F(WorkerJobEndTest, TheResultOfTheWorkIsHandedOn) {
  EXPECT_EQ(testing::awaited(run(seven)).value(), 7);
}

TEST_F(WorkerJobEndTest, AnErrorOfTheWorkIsHandedOn) {
  const Error error{ErrorKind::kNotFound, "no such picture"};
  EXPECT_EQ(testing::awaited(run([error]() -> Result<int> { return error; })).error(), error);
}

TEST_F(WorkerJobEndTest, AnExceptionIsAnInternalErrorThatDoesNotShowItsText) {
  const auto result =
      testing::awaited(run([]() -> Result<int> { throw std::runtime_error("/secret/path"); }));
  EXPECT_EQ(result.error(), (Error{ErrorKind::kInternal, "internal error"}));
  EXPECT_EQ(testing::awaited(run(seven)).value(), 7) << "the worker goes on";
}

TEST_F(WorkerJobEndTest, AfterAStopTheWorkIsNotCalled) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(testing::awaited(run(not_to_be_called, stop.get_token())).error(), cancelled());
}

TEST_F(WorkerJobEndTest, AStopThatComesWhileTheWorkWaitsCancelsIt) {
  auto blocked = block();
  std::stop_source stop;
  auto waits = run(not_to_be_called, stop.get_token());
  stop.request_stop();
  auto next = run(seven);
  EXPECT_EQ(testing::awaited(waits).error(), cancelled()) << "it gives its place to the next job";
  release();
  EXPECT_EQ(testing::awaited(blocked).value(), 0);
  EXPECT_EQ(testing::awaited(next).value(), 7);
}

TEST_F(WorkerJobEndTest, WorkThatFindsNoPlaceInTheQueueIsRefusedAtOnce) {
  auto blocked = block();
  auto waits = run(seven);
  EXPECT_EQ(testing::awaited(run(not_to_be_called)).error(), busy())
      << "while the worker is still blocked";
  release();
  EXPECT_EQ(testing::awaited(blocked).value(), 0);
  EXPECT_EQ(testing::awaited(waits).value(), 7);
}

TEST_F(WorkerJobEndTest, OnceTheWorkersHaveStoppedWorkIsRefused) {
  workers_.stop();
  EXPECT_EQ(testing::awaited(run(not_to_be_called)).error(), busy());
}

}  // namespace
}  // namespace imageserver
