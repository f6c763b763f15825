#include "base/log_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/pipe.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver {
namespace {

constexpr std::size_t kMostLines = 1000;
constexpr std::size_t kMostBytes = 64 << 10;
constexpr int kFlood = 100'000;

std::string line_of(int number) { return "line " + std::to_string(number) + '\n'; }

std::string gap_line(std::uint64_t lines) { return "dropped " + std::to_string(lines) + '\n'; }

class LogWriterTest : public ::testing::Test {
 protected:
  void start(int fd) { writer_ = std::make_unique<LogWriter>(queue_, fd, gap_line); }
  void end() { writer_.reset(); }

  void log_lines(int from, int to) {
    for (int i = from; i < to; ++i) queue_->add(line_of(i));
  }

  bool has_room() {
    const std::uint64_t before = queue_->dropped();
    queue_->add("x\n");
    return queue_->dropped() == before;
  }

  // Until the pipe says that so many lines are missing in all.
  static std::string read_until_said(const testing::Pipe& pipe, std::uint64_t dropped) {
    std::string text;
    while (said(text) < dropped) text += pipe.read();
    return text;
  }

  // As whole lines say.
  static std::uint64_t said(const std::string& text) {
    std::uint64_t lines = 0;
    for (auto at = text.find("dropped "); at != std::string::npos; at = text.find("dropped ", at)) {
      at += 8;
      if (text.find('\n', at) != std::string::npos) lines += std::stoull(text.substr(at));
    }
    return lines;
  }

  std::shared_ptr<LogQueue> queue_ = std::make_shared<LogQueue>(kMostLines, kMostBytes);
  std::unique_ptr<LogWriter> writer_;
};

// Checks that the lines are whole and in their order, and that what is missing is said in its
// place. Returns how many there are.
int expect_whole(const std::string& text, int all) {
  int next = 0;
  int lines = 0;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("dropped ")) {
      next += std::stoi(line.substr(8));
    } else {
      EXPECT_EQ(line + '\n', line_of(next));
      ++next;
      ++lines;
    }
  }
  EXPECT_EQ(next, all);
  return lines;
}

TEST_F(LogWriterTest, WritesEachLine) {
  const testing::Pipe pipe;
  start(pipe.writer());
  log_lines(0, 100);
  end();
  EXPECT_EQ(expect_whole(pipe.read_rest(), 100), 100);
  EXPECT_EQ(queue_->dropped(), 0U);
}

TEST_F(LogWriterTest, WritesALineOfAnySize) {
  const testing::Pipe pipe;
  start(pipe.writer());
  const std::string text = std::string(3 * PIPE_BUF, 'x') + '\n';
  queue_->add("before\n");
  queue_->add(text);
  queue_->add("after\n");
  end();
  EXPECT_EQ(pipe.read_rest(), "before\n" + text + "after\n");
}

TEST_F(LogWriterTest, NobodyWhoLogsWaitsForAReader) {
  const testing::Pipe pipe;
  static_cast<void>(pipe.fill());
  start(pipe.writer());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([this] { log_lines(0, kFlood / 4); });
  threads.clear();
  EXPECT_GE(queue_->dropped(), kFlood - 2 * kMostLines) << "no more memory than is meant for it";
}

TEST_F(LogWriterTest, OnceSomebodyReadsItSaysWhatIsMissing) {
  const testing::Pipe pipe;
  const std::string before = pipe.fill();
  start(pipe.writer());
  log_lines(0, kFlood);
  const std::uint64_t dropped = queue_->dropped();
  const std::string text = read_until_said(pipe, dropped).substr(before.size());
  EXPECT_EQ(said(text), dropped);
  const int lines = expect_whole(text, kFlood);
  EXPECT_EQ(lines + dropped, std::uint64_t{kFlood});
  EXPECT_LE(lines, 2 * static_cast<int>(kMostLines));
  queue_->add("and on\n");
  EXPECT_EQ(pipe.read(), "and on\n");
}

TEST_F(LogWriterTest, AFullPipeDoesNotKeepItFromEnding) {
  const testing::Pipe pipe;
  const std::string before = pipe.fill();
  start(pipe.writer());
  log_lines(0, 10);
  end();
  EXPECT_EQ(queue_->dropped(), 10U);
  EXPECT_EQ(pipe.read_rest(), before);
}

// It is ready, as long as it is not at its highest number, but does not take every number.
UniqueFd hangs_in_write() {
  UniqueFd event(eventfd(0, EFD_CLOEXEC));
  const std::uint64_t high = 0xff00'0000'0000'0000;
  EXPECT_EQ(write(event.get(), &high, sizeof(high)), 8);
  return event;
}

TEST_F(LogWriterTest, AWriteThatHangsHoldsUpNobody) {
  const UniqueFd event = hangs_in_write();
  queue_ = std::make_shared<LogQueue>(1, kMostBytes);
  start(event.get());
  queue_->add("1234567\n");
  EXPECT_TRUE(testing::soon([this] { return has_room(); })) << "that line alone is written";
  log_lines(0, kFlood);
  end();
  EXPECT_GT(queue_.use_count(), 1) << "its thread was left behind";
  std::uint64_t number = 0;
  EXPECT_EQ(read(event.get(), &number, sizeof(number)), 8);
  EXPECT_TRUE(testing::soon([&] { return queue_.use_count() == 1; })) << "and has ended";
}

TEST_F(LogWriterTest, OnAFullDiskLinesAreDroppedAndCounted) {
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  start(full.get());
  log_lines(0, 100);
  EXPECT_TRUE(testing::soon([&] { return queue_->dropped() == 100; }));
  log_lines(0, kFlood);
  EXPECT_GE(queue_->dropped(), kFlood - 2 * kMostLines);
  end();
  EXPECT_EQ(queue_->dropped(), std::uint64_t{kFlood} + 100);
}

TEST_F(LogWriterTest, WhereItCannotWriteItTriesOnceASecond) {
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  std::atomic<int> tries = 0;
  const Deadline begin = Clock::now();
  writer_ = std::make_unique<LogWriter>(queue_, full.get(), [&](std::uint64_t lines) {
    ++tries;
    return gap_line(lines);
  });
  queue_->add("x\n");
  EXPECT_TRUE(testing::soon([&] { return tries >= 2; })) << "it goes on trying";
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(Clock::now() - begin).count();
  EXPECT_LE(tries, seconds);
  end();
}

// A number that nothing else gets in the meantime.
class HighDescriptor {
 public:
  static constexpr int kNumber = 900;

  ~HighDescriptor() { close(kNumber); }

  static void lead_to(int fd) { dup2(fd, kNumber); }
};

TEST_F(LogWriterTest, OnAClosedDescriptorLinesAreDroppedUntilThereIsOneAgain) {
  const testing::Pipe pipe;
  const HighDescriptor closed;
  start(HighDescriptor::kNumber);
  log_lines(0, 100);
  EXPECT_TRUE(testing::soon([&] { return queue_->dropped() == 100; }));
  HighDescriptor::lead_to(pipe.writer());
  EXPECT_EQ(pipe.read(), "dropped 100\n") << "although nothing more is logged";
  end();
}

TEST_F(LogWriterTest, AReaderThatLeavesEndsNoProgramAndTheNextOneHearsWhatIsMissing) {
  const testing::TemporaryDirectory directory;
  const std::string path = (directory.path() / "fifo").string();
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::optional<UniqueFd> reader(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const UniqueFd fifo(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  reader.reset();
  start(fifo.get());
  log_lines(0, 10);
  EXPECT_TRUE(testing::soon([&] { return queue_->dropped() == 10; }));
  reader.emplace(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 100> text{};
  testing::wait_for_bytes(reader->get());
  const ssize_t n = read(reader->get(), text.data(), text.size());
  EXPECT_EQ(std::string(text.data(), static_cast<std::size_t>(n)), "dropped 10\n");
  end();
}

// While it lives, a file of this process may have so many bytes.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

TEST_F(LogWriterTest, AfterHalfALineTheNextBeginsOnItsOwn) {
  const testing::TemporaryDirectory directory;
  const std::string path = (directory.path() / "log").string();
  const UniqueFd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const std::string two_and_a_half = "line 0\nline 1\nlin";
  {
    const FileSizeLimit limit(two_and_a_half.size());
    start(file.get());
    log_lines(0, 3);
    EXPECT_TRUE(testing::soon([&] { return queue_->dropped() == 1; }));
  }
  const std::string all = two_and_a_half + "\ndropped 1\n";
  std::array<char, 100> text{};
  EXPECT_TRUE(testing::soon([&] {
    const ssize_t n = pread(file.get(), text.data(), text.size(), 0);
    return n == static_cast<ssize_t>(all.size());
  }));
  EXPECT_EQ(std::string(text.data(), all.size()), all);
  end();
}

}  // namespace
}  // namespace imageserver
