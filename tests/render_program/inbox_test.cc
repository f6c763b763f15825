// What a renderer hears of its server. It ends its process where a server would see it end: each
// case has a process of its own.

#include "render/service/inbox.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "support/patience.h"

namespace imageserver {
namespace {

constexpr int kRight = 42;
constexpr int kWrong = 43;

using ::testing::ExitedWithCode;

// The two ends of a socket, and a renderer's inbox at one of them.
struct Ends {
  explicit Ends(std::pair<UniqueFd, UniqueFd> pair)
      : server(std::move(pair.first)), renderer(std::move(pair.second)) {
    std::thread([this] { inbox.watch(); }).detach();
  }

  Channel server;
  Channel renderer;
  Inbox inbox{renderer};
};

std::pair<UniqueFd, UniqueFd> socket_pair() {
  std::array<int, 2> ends{-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) _exit(kWrong);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void send_job(const Channel& server, std::uint32_t number) {
  RenderJob job;
  job.source_bytes = number;
  if (!server.send(MessageKind::kJob, encoded_value(job))) _exit(kWrong);
}

void send_permit(const Channel& server, bool permit) {
  if (!server.send(MessageKind::kPermit, encoded_value(permit))) _exit(kWrong);
}

void say_leave(const Channel& server) {
  if (!server.send(MessageKind::kLeave)) _exit(kWrong);
}

void check(bool holds) {
  if (!holds) _exit(kWrong);
}

// Ends the process. The detached thread is not waited for.
[[noreturn]] void run(const std::function<void(Ends&)>& scenario) {
  Ends ends(socket_pair());
  scenario(ends);
  _exit(kRight);
}

class InboxTest : public ::testing::Test {
 protected:
  InboxTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(InboxTest, AJobIsStoppedWhenTheServerSaysSo) {
  EXPECT_EXIT(run([](Ends& ends) {
                send_job(ends.server, 7);
                const ReceivedJob received = ends.inbox.begin_job();
                check(received.job.source_bytes == 7);
                check(!received.stop.stop_requested());
                say_leave(ends.server);
                check(testing::soon([&] { return received.stop.stop_requested(); }));
                check(!ends.inbox.take_permit());
              }),
              ExitedWithCode(kRight), "");
}

TEST_F(InboxTest, AQuestionIsAnswered) {
  EXPECT_EXIT(run([](Ends& ends) {
                send_job(ends.server, 1);
                const ReceivedJob received = ends.inbox.begin_job();
                for (const bool permit : {true, false, true}) {
                  send_permit(ends.server, permit);
                  check(ends.inbox.take_permit() == permit);
                }
                check(!received.stop.stop_requested());
              }),
              ExitedWithCode(kRight), "");
}

TEST_F(InboxTest, WhatWasSaidOfTheLastJobDoesNotStopTheNext) {
  EXPECT_EXIT(run([](Ends& ends) {
                send_job(ends.server, 1);
                static_cast<void>(ends.inbox.begin_job());
                ends.inbox.end_job();
                say_leave(ends.server);
                send_job(ends.server, 2);
                const ReceivedJob received = ends.inbox.begin_job();
                check(received.job.source_bytes == 2 && !received.stop.stop_requested());
                send_permit(ends.server, true);
                check(ends.inbox.take_permit());
              }),
              ExitedWithCode(kRight), "");
}

// The server sends the next job as soon as it has the answer, or leaves the last one too late.
TEST_F(InboxTest, NothingIsLostBetweenJobs) {
  constexpr std::uint32_t kJobs = 3000;
  EXPECT_EXIT(run([](Ends& ends) {
                std::thread([&ends] {
                  for (std::uint32_t job = 0; job < kJobs; ++job) {
                    send_job(ends.server, job);
                    if (job % 3 == 0) say_leave(ends.server);
                    check(ends.server.wait_for_message(100).has_value());
                  }
                }).detach();
                for (std::uint32_t job = 0; job < kJobs; ++job) {
                  const ReceivedJob received = ends.inbox.begin_job();
                  check(received.job.source_bytes == job);
                  check(job % 3 == 0 || !received.stop.stop_requested());
                  ends.inbox.end_job();
                  check(ends.renderer.send(MessageKind::kOriginal));
                }
              }),
              ExitedWithCode(kRight), "");
}

TEST_F(InboxTest, TheProcessEndsWithoutAServer) {
  EXPECT_EXIT(run([](Ends& ends) {
                check(shutdown(ends.server.get(), SHUT_RDWR) == 0);
                static_cast<void>(ends.inbox.begin_job());
              }),
              ExitedWithCode(0), "");
  EXPECT_EXIT(run([](Ends& ends) {
                send_job(ends.server, 1);
                static_cast<void>(ends.inbox.begin_job());
                check(shutdown(ends.server.get(), SHUT_RDWR) == 0);
                std::this_thread::sleep_for(testing::kShortPatience);
              }),
              ExitedWithCode(0), "");
}

TEST_F(InboxTest, TheProcessEndsWhenTheServerSaysWhatItMustNot) {
  EXPECT_EXIT(run([](Ends& ends) {
                send_permit(ends.server, true);
                static_cast<void>(ends.inbox.begin_job());
              }),
              ExitedWithCode(0), "");
  EXPECT_EXIT(run([](Ends& ends) {
                send_job(ends.server, 1);
                static_cast<void>(ends.inbox.begin_job());
                send_job(ends.server, 2);
                std::this_thread::sleep_for(testing::kShortPatience);
              }),
              ExitedWithCode(0), "");
}

}  // namespace
}  // namespace imageserver
