#include "server/info_handler.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <future>
#include <optional>
#include <string>
#include <utility>

namespace imageserver {
namespace {

using namespace std::chrono_literals;

// Gives nothing before the test lets it go on.
class SlowSource final : public Source {
 public:
  Result<Bytes> get(const std::string&) const override {
    released_.wait();
    return Error{ErrorKind::kNotFound, "no such picture"};
  }

  void release() { release_.set_value(); }

 private:
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

class InfoHandlerTest : public ::testing::Test {
 protected:
  void ask(std::chrono::milliseconds timeout) {
    handler_.emplace(loader_, timeout, 600);
    Answer answer = handler_->handle(request_);
    net::co_spawn(context_, std::move(std::get<Awaitable<Response>>(answer)),
                  net::bind_cancellation_slot(
                      signal_.slot(), [this](const std::exception_ptr& thrown, Response response) {
                        EXPECT_FALSE(thrown);
                        status_ = response.status;
                      }));
  }

  // What the worker still has to say comes too late, and hurts nobody.
  void let_the_worker_end() {
    source_.release();
    workers_.stop();
    context_.restart();
    context_.run();
  }

  SlowSource source_;
  net::io_context context_{1};
  WorkerPool workers_{1, 10};
  InfoLoader loader_{source_, workers_, {}};
  const Request request_{Method::kGet, "/info/a.jpg", {}};
  std::optional<InfoHandler> handler_;
  net::cancellation_signal signal_;
  unsigned status_ = 0;
};

TEST_F(InfoHandlerTest, NobodyWaitsLongerThanTheTimeThereIs) {
  ask(20ms);
  context_.run();
  EXPECT_EQ(status_, 504U);
  let_the_worker_end();
  EXPECT_EQ(status_, 504U);
}

TEST_F(InfoHandlerTest, WhoLeavesIsNotWaitedFor) {
  ask(1h);
  context_.poll();
  signal_.emit(net::cancellation_type::terminal);
  context_.run();
  EXPECT_EQ(status_, 503U);
  let_the_worker_end();
  EXPECT_EQ(status_, 503U);
}

TEST_F(InfoHandlerTest, WhoWaitsGetsTheAnswer) {
  ask(1h);
  source_.release();
  context_.run();
  EXPECT_EQ(status_, 404U);
}

}  // namespace
}  // namespace imageserver
