// A log that nobody reads, or that cannot be written, costs lines and nothing else.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "integration/harness/http_client.h"
#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "support/patience.h"
#include "support/port.h"
#include "support/process.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::HasSubstr;

// The program with its descriptors as a shell leads them.
std::vector<std::string> redirected(const std::string& redirection, const Flags& flags) {
  std::vector<std::string> words = {"/bin/sh", "-c", "exec \"$@\" " + redirection, "sh", program()};
  words.insert(words.end(), flags.begin(), flags.end());
  return words;
}

// A pipe with a name, full from the start, whose reader reads when the test says so.
class FullPipe {
 public:
  FullPipe() {
    const std::string path = (directory_.path() / "log").string();
    if (mkfifo(path.c_str(), 0600) != 0) throw std::system_error(errno, std::generic_category());
    end_ = UniqueFd(open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    const std::array<char, 4096> page{};
    while (write(end_.get(), page.data(), page.size()) > 0) {
    }
  }

  [[nodiscard]] std::string redirection() const {
    return "2>" + (directory_.path() / "log").string();
  }

  // What is in it now.
  [[nodiscard]] std::string read() const {
    std::array<char, 4096> page{};
    std::string text;
    for (ssize_t n = 0; (n = ::read(end_.get(), page.data(), page.size())) > 0;)
      text.append(page.data(), static_cast<std::size_t>(n));
    return text;
  }

 private:
  const TemporaryDirectory directory_;
  UniqueFd end_;
};

// Over a folder with a sound picture, and one that the log has a word about whenever it is asked
// for.
class TalkativeNode {
 public:
  explicit TalkativeNode(const std::string& redirection) {
    originals_.write("whole.jpg", testdata("small.jpg"));
    originals_.write("damaged.png", testdata("alpha.png").substr(0, kSoundBytes));
    process_ = std::make_unique<Process>(
        redirected(redirection, {"--http=" + port_.address(), "--drain=0s", "--log-level=debug",
                                 "--source=" + originals_.path().string()}));
  }

  [[nodiscard]] bool becomes_ready() {
    return eventually([this] {
             return !process_->is_running() ||
                    (can_connect(port_.number()) && get(port_.number(), "/readyz").status == 200);
           }) &&
           process_->is_running();
  }

  // Thousands of requests, each with several lines in the log.
  void make_it_talk() const {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([this] {
        Client client(port_.number());
        for (int turn = 0; turn < kTurns; ++turn)
          EXPECT_EQ(client.get("/damaged.png?width=40").status, 422);
      });
    }
  }

  void expect_service() const {
    EXPECT_EQ(get(port_.number(), "/healthz").status, 200);
    EXPECT_EQ(decode(get(port_.number(), "/whole.jpg?width=20").body).width, 20);
  }

  int stop() {
    process_->signal(SIGTERM);
    return process_->wait();
  }

  [[nodiscard]] std::filesystem::path descriptor(int fd) const {
    return "/proc/" + std::to_string(process_->id()) + "/fd/" + std::to_string(fd);
  }

 private:
  static constexpr int kTurns = 1000;
  static constexpr std::size_t kSoundBytes = 400;  // ends within the first rows, and soon

  const Port port_;
  const TemporaryDirectory originals_;
  std::unique_ptr<Process> process_;
};

void expect_that_it_does_not_matter(TalkativeNode& node) {
  ASSERT_TRUE(node.becomes_ready());
  node.make_it_talk();
  node.expect_service();
  EXPECT_EQ(node.stop(), 0);
}

TEST(LogFaults, APipeThatNobodyReadsStopsNothing) {
  const FullPipe pipe;
  TalkativeNode node(pipe.redirection());
  expect_that_it_does_not_matter(node);
}

TEST(LogFaults, WhoReadsAtLastIsToldWhatIsMissing) {
  const FullPipe pipe;
  TalkativeNode node(pipe.redirection());
  ASSERT_TRUE(node.becomes_ready());
  for (int i = 0; i < 4; ++i) node.make_it_talk();
  std::string text;
  EXPECT_TRUE(eventually([&] {
    text += pipe.read();
    return text.find(" log lines were dropped\n") != std::string::npos;
  }));
  EXPECT_EQ(node.stop(), 0);
  EXPECT_THAT(pipe.read(), HasSubstr("info leaving\n")) << "it goes on as ever";
}

TEST(LogFaults, AFullDiskStopsNothing) {
  TalkativeNode node("2>/dev/full");
  expect_that_it_does_not_matter(node);
}

TEST(LogFaults, ClosedDescriptorsLeadToNowhereAndStopNothing) {
  TalkativeNode node("<&- >&- 2>&-");
  ASSERT_TRUE(node.becomes_ready());
  for (const int fd : {0, 1, 2})
    EXPECT_EQ(std::filesystem::read_symlink(node.descriptor(fd)), "/dev/null") << fd;
  expect_that_it_does_not_matter(node);
}

TEST(LogFaults, WhatCannotStartEndsAlthoughNobodyReadsWhy) {
  const FullPipe pipe;
  Port taken;
  taken.occupy();
  EXPECT_EQ(Process(redirected(pipe.redirection(), {"--no-such-flag"})).wait(), 2);
  EXPECT_EQ(Process(redirected(pipe.redirection(), {"--http=" + taken.address()})).wait(), 1);
}

TEST(LogFaults, TheLastLinesAreWrittenBeforeItEnds) {
  Node node;
  EXPECT_EQ(node.stop(), 0);
  EXPECT_TRUE(node.process().errors().ends_with("info leaving\n")) << node.process().errors();
}

}  // namespace
}  // namespace imageserver::testing
