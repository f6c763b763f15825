#include "render/wire/channel.h"

#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace imageserver {
namespace {

constexpr std::size_t kMost = 4U << 20U;

std::pair<UniqueFd, UniqueFd> socket_ends() {
  std::array<int, 2> ends{};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

class ChannelTest : public ::testing::Test {
 protected:
  ChannelTest() {
    auto [here, there] = socket_ends();
    here_ = std::move(here);
    there_ = std::make_unique<Channel>(std::move(there));
  }

  void say(std::string_view bytes) const {
    EXPECT_EQ(send(here_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  UniqueFd here_;
  std::unique_ptr<Channel> there_;
};

TEST_F(ChannelTest, MessagesComeWhole) {
  const Channel sender(std::move(here_));
  ASSERT_TRUE(sender.send(MessageKind::kAsk, "one"));
  ASSERT_TRUE(sender.send(MessageKind::kPicture, "head", "and rest"));
  ASSERT_TRUE(sender.send_at_once(MessageKind::kLeave));
  const auto first = there_->wait_for_message(kMost);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->kind, MessageKind::kAsk);
  EXPECT_EQ(first->body, "one");
  EXPECT_EQ(there_->wait_for_message(kMost)->body, "headand rest");
  EXPECT_EQ(there_->wait_for_message(kMost)->body, "");
  EXPECT_EQ(there_->receive(kMost), Channel::Progress::kMore);
}

// poll(2) fails then. A renderer would look for a message for ever, as fast as it can.
TEST_F(ChannelTest, WhereNothingCanBeWaitedForNoMessageComes) {
  rlimit usual{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &usual), 0);
  const rlimit none{0, usual.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_FALSE(there_->wait_for_message(kMost));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &usual), 0);
}

TEST_F(ChannelTest, ALongMessageIsTakenWhileItIsSent) {
  const Channel sender(std::move(here_));
  const std::string body(3U << 20U, 'x');
  const std::jthread other([&] { EXPECT_TRUE(sender.send(MessageKind::kPicture, "head", body)); });
  EXPECT_EQ(there_->wait_for_message(kMost)->body, "head" + body);
}

TEST_F(ChannelTest, AMessageMayComeByteByByte) {
  const std::string bytes("\5\3\0\0\0abc", 8);
  for (const char byte : bytes.substr(0, 7)) {
    say({&byte, 1});
    EXPECT_EQ(there_->receive(kMost), Channel::Progress::kMore);
  }
  say("c");
  EXPECT_EQ(there_->receive(kMost), Channel::Progress::kWhole);
  EXPECT_EQ(there_->take().body, "abc");
}

TEST_F(ChannelTest, WhatIsNoMessageIsAsIfNobodyWasThere) {
  say(std::string("\x30\0\0\0\0", 5));  // no kind
  EXPECT_EQ(there_->receive(kMost), Channel::Progress::kGone);
}

TEST_F(ChannelTest, AMessageThatIsTooLongIsNotRead) {
  say(std::string("\5\1\0\x40\0", 5));
  EXPECT_EQ(there_->receive(kMost), Channel::Progress::kGone);
}

TEST_F(ChannelTest, OnlyAJobAndAPictureMayBeLongerThan64KiB) {
  const auto comes = [](MessageKind kind, std::size_t size, std::size_t most) {
    auto [here, there] = socket_ends();
    EXPECT_TRUE(Channel(std::move(here)).send_at_once(kind, std::string(size, 'x')));
    return Channel(std::move(there)).receive(most) == Channel::Progress::kWhole;
  };
  constexpr std::size_t kLong = (64U << 10U) + 1;
  for (const MessageKind kind : {MessageKind::kJob, MessageKind::kPicture})
    EXPECT_TRUE(comes(kind, kLong, kMost));
  for (const MessageKind kind : {MessageKind::kLog, MessageKind::kDescription}) {
    EXPECT_TRUE(comes(kind, kLong - 1, kMost));
    EXPECT_FALSE(comes(kind, kLong, kMost));
    EXPECT_TRUE(comes(kind, 64, 64));
    EXPECT_FALSE(comes(kind, 65, 64)) << "less is allowed at first";
  }
}

TEST_F(ChannelTest, WhatIsOnlyAnnouncedTakesLittleMemory) {
  say(std::string("\6\0\0\0\x0c", 5));  // 200 MiB
  const std::size_t before = mallinfo2().hblkhd;
  EXPECT_EQ(there_->receive(1U << 30U), Channel::Progress::kMore);
  EXPECT_LT(mallinfo2().hblkhd, before + (16U << 20U));
}

TEST_F(ChannelTest, AMessageTakesLittleMoreMemoryThanItHas) {
  const Channel sender(std::move(here_));
  for (const std::size_t size : {std::size_t{1'100'000}, std::size_t{3'500'000}}) {
    const std::string body(size, 'x');
    const std::jthread other([&] { EXPECT_TRUE(sender.send(MessageKind::kPicture, body)); });
    const auto message = there_->wait_for_message(kMost);
    ASSERT_TRUE(message);
    EXPECT_LT(message->body.capacity(), size + (200U << 10U));
  }
}

TEST_F(ChannelTest, TheEndOfTheOtherSideIsSeen) {
  say(std::string("\5\3\0\0\0a", 6));
  here_ = UniqueFd();
  EXPECT_EQ(there_->wait_for_message(kMost), std::nullopt);
  EXPECT_FALSE(there_->send(MessageKind::kAsk));
}

TEST_F(ChannelTest, SendingAtOnceDoesNotWaitForAReader) {
  const std::string body(1U << 20U, 'x');
  EXPECT_FALSE(there_->send_at_once(MessageKind::kJob, body));
}

}  // namespace
}  // namespace imageserver
