#include "handlers/info_handler.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <future>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "support/groups.h"
#include "support/patience.h"
#include "support/run_to_end.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;

// Says nothing before the test lets it go on; then it says so from a thread of its own.
class SlowInfos final : public Loader {
 public:
  void load(QueryPtr, std::stop_token, Completion done) override {
    teller_ = std::jthread([released = released_, done] {
      EXPECT_TRUE(testing::comes(released));
      done(Error{ErrorKind::kNotFound, "no such picture"});
    });
  }

  bool has_backlog() const override { return false; }

  void release() { release_.set_value(); }

  // Returns once it has said what it had to say.
  void join() { teller_.join(); }

 private:
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
  std::jthread teller_;
};

class InfoHandlerTest : public ::testing::Test {
 protected:
  void ask(std::chrono::milliseconds timeout) {
    handler_.emplace(descriptions_, timeout, 600);
    Answer answer = handler_->handle(request_);
    net::co_spawn(context_, std::move(std::get<Later>(answer).response),
                  net::bind_cancellation_slot(
                      signal_.slot(), [this](const std::exception_ptr& thrown, Response response) {
                        EXPECT_FALSE(thrown);
                        status_ = response.status;
                      }));
  }

  // It comes too late, and does no harm.
  void let_it_be_said() {
    infos_.release();
    infos_.join();
    testing::run_to_end(context_);
  }

  net::io_context context_{1};
  testing::NoPeers peers_;
  SlowInfos infos_;  // its thread has ended before the context is gone
  Group descriptions_{
      {.self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}}, infos_, peers_};
  const Request request_{Method::kGet, "/info/a.jpg", {}};
  std::optional<InfoHandler> handler_;
  net::cancellation_signal signal_;
  unsigned status_ = 0;
};

TEST_F(InfoHandlerTest, NobodyWaitsLongerThanTheTimeThereIs) {
  ask(20ms);
  testing::run_to_end(context_);
  EXPECT_EQ(status_, 504U);
  let_it_be_said();
  EXPECT_EQ(status_, 504U);
}

TEST_F(InfoHandlerTest, AClientThatLeavesEndsTheWait) {
  ask(1h);
  context_.poll();
  signal_.emit(net::cancellation_type::terminal);
  testing::run_to_end(context_);
  EXPECT_EQ(status_, 503U);
  let_it_be_said();
  EXPECT_EQ(status_, 503U);
}

TEST_F(InfoHandlerTest, AClientThatWaitsGetsTheAnswer) {
  ask(1h);
  infos_.release();
  testing::run_to_end(context_);
  EXPECT_EQ(status_, 404U);
}

}  // namespace
}  // namespace imageserver
