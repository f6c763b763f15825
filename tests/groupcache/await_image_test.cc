#include "groupcache/await_image.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "base/cancelled.h"
#include "support/groups.h"
#include "support/images.h"
#include "support/run_to_end.h"

namespace imageserver {
namespace {

class AwaitImageTest : public ::testing::Test {
 protected:
  void await(std::chrono::milliseconds timeout) {
    Query query;
    query.key = "key";
    query.deadline = std::chrono::steady_clock::now() + timeout;
    net::co_spawn(
        context_, await_image(group_, std::make_shared<const Query>(std::move(query))),
        net::bind_cancellation_slot(
            signal_.slot(), [this](const std::exception_ptr& thrown, Result<ImagePtr> result) {
              EXPECT_FALSE(thrown);
              outcome_ = result.has_value() ? "picture" : result.error().message;
              ended_on_ = std::this_thread::get_id();
            }));
  }

  testing::PendingLoader loader_;
  testing::NoPeers peers_;
  Group group_{{.self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}}, loader_, peers_};
  net::io_context context_{1};
  net::cancellation_signal signal_;
  std::optional<std::string> outcome_;
  std::thread::id ended_on_;
};

TEST_F(AwaitImageTest, ResumesOnItsOwnThreadWhereverTheLoadEnds) {
  await(std::chrono::hours(1));
  context_.run_one();
  std::thread worker([this] { loader_.end(testing::image_of("x")); });
  testing::run_to_end(context_);
  worker.join();

  EXPECT_EQ(outcome_, "picture");
  EXPECT_EQ(ended_on_, std::this_thread::get_id());
}

TEST_F(AwaitImageTest, ResumesIfTheLoadEndsBeforeItWaits) {
  loader_.answers_at_once = true;
  await(std::chrono::hours(1));
  testing::run_to_end(context_);

  EXPECT_EQ(outcome_, "picture");
}

TEST_F(AwaitImageTest, AtTheDeadlineItGivesUpAndTheWorkIsStopped) {
  await(std::chrono::milliseconds(1));
  testing::run_to_end(context_);

  EXPECT_EQ(outcome_, "out of time");
  EXPECT_TRUE(loader_.stop.stop_requested());
  loader_.end(testing::image_of("late"));
}

TEST_F(AwaitImageTest, WhenCancelledItGivesUp) {
  await(std::chrono::hours(1));
  net::post(context_, [this] {
    net::post(context_, [this] { signal_.emit(net::cancellation_type::terminal); });
  });
  testing::run_to_end(context_);

  EXPECT_EQ(outcome_, cancelled().message);
  EXPECT_TRUE(loader_.stop.stop_requested());
  loader_.end(testing::image_of("late"));
}

TEST_F(AwaitImageTest, AWaiterThatGivesUpDoesNotStopTheOthers) {
  await(std::chrono::milliseconds(1));
  bool other = false;
  Query query;
  query.key = "key";
  const Ticket ticket = group_.load(std::make_shared<const Query>(std::move(query)),
                                    [&](const Result<ImagePtr>&) { other = true; });
  testing::run_to_end(context_);
  EXPECT_EQ(outcome_, "out of time");
  EXPECT_FALSE(loader_.stop.stop_requested());

  loader_.end(testing::image_of("x"));
  EXPECT_TRUE(other);
}

}  // namespace
}  // namespace imageserver
