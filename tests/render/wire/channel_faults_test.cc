// Messages between server and renderer, when the kernel does not do what it is asked for.

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "render/wire/channel.h"
#include "support/system_calls.h"

namespace imageserver {
namespace {

using testing::always;
using testing::at_first;
using testing::SystemCalls;

constexpr std::size_t kMost = 1U << 20U;

class ChannelFaultsTest : public ::testing::Test {
 protected:
  ChannelFaultsTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    here_.emplace(UniqueFd(ends[0]));
    there_.emplace(UniqueFd(ends[1]));
  }

  // Sends a message of three parts and gives what comes at the other end.
  [[nodiscard]] std::string sent() {
    if (!here_->send(MessageKind::kPicture, "head ", "and rest")) return "not sent";
    const auto message = there_->wait_for_message(kMost);
    return message ? message->body : "not received";
  }

  std::optional<Channel> here_;
  std::optional<Channel> there_;
  SystemCalls calls_;
};

TEST_F(ChannelFaultsTest, SendingGoesOnAfterAnInterruptionAndAfterEachPart) {
  calls_.write.fault = [](int nth) { return nth % 2 == 1 ? EINTR : 0; };
  calls_.write.most = 3;
  EXPECT_EQ(sent(), "head and rest");
}

TEST_F(ChannelFaultsTest, ReceivingGoesOnAfterAnInterruptionAndAfterEachPart) {
  calls_.read.fault = [](int nth) { return nth % 2 == 1 ? EINTR : 0; };
  calls_.read.most = 3;
  EXPECT_EQ(sent(), "head and rest");
}

TEST_F(ChannelFaultsTest, AWaitThatIsInterruptedGoesOn) {
  calls_.read.fault = at_first(1, EAGAIN);
  calls_.poll.fault = at_first(1, EINTR);
  EXPECT_EQ(sent(), "head and rest");
  EXPECT_EQ(calls_.poll.made, 1);
}

TEST_F(ChannelFaultsTest, AnErrorIsTheEnd) {
  calls_.write = {always(EPIPE)};
  EXPECT_EQ(sent(), "not sent");
  calls_.write = {};
  calls_.read = {always(ECONNRESET)};
  EXPECT_EQ(sent(), "not received");
}

TEST_F(ChannelFaultsTest, AMessageThatMustNotWaitIsNotSentInHalves) {
  calls_.write = {always(EAGAIN)};
  EXPECT_FALSE(here_->send_at_once(MessageKind::kLeave));
  EXPECT_EQ(calls_.write.made, 1);
}

}  // namespace
}  // namespace imageserver
