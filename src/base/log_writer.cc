#include "base/log_writer.h"

#include <sys/types.h>

#include <climits>
#include <csignal>
#include <cstddef>
#include <exception>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>

#include "base/ready_write.h"

namespace imageserver {
namespace {

// Between two tries where writing fails.
constexpr milliseconds kBeforeAgain{1000};

// Between two looks at whether it is over, while nobody reads.
constexpr milliseconds kLookEvery{100};

// Above kLookEvery: a thread that waits for a reader has ended by then.
constexpr milliseconds kToNotice{500};

using Sizes = std::span<const std::size_t>;

std::size_t sum(Sizes sizes) { return std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}); }

// As many lines as a pipe takes as a whole, but one at least.
Sizes first_piece(Sizes sizes) {
  std::size_t lines = 1;
  std::size_t bytes = sizes.front();
  while (lines < sizes.size() && bytes + sizes[lines] <= PIPE_BUF) bytes += sizes[lines++];
  return sizes.first(lines);
}

// The lines of which not all was among the first `written` bytes.
std::uint64_t lines_beyond(std::size_t written, Sizes sizes) {
  while (!sizes.empty() && written >= sizes.front()) {
    written -= sizes.front();
    sizes = sizes.subspan(1);
  }
  return sizes.size();
}

// A descriptor that lines are written to, as long as the queue's time is not over.
class LinesOut {
 public:
  LinesOut(LogQueue& queue, int fd) : queue_(queue), fd_(fd) {}

  // Begins on a line of its own, also where the last write failed in the middle of one. How many
  // bytes of the text were written: fewer than all if writing fails, after a pause, or it is over.
  [[nodiscard]] std::size_t write(std::string_view text) {
    if (torn_ && write_bytes("\n") == 0) return 0;
    return write_bytes(text);
  }

 private:
  std::size_t write_bytes(std::string_view text) {
    std::size_t written = 0;
    while (written < text.size() && !queue_.is_over()) {
      const ssize_t n = write_when_ready(fd_, text.substr(written), kLookEvery);
      if (n < 0) {
        queue_.pause(kBeforeAgain);
        break;
      }
      written += static_cast<std::size_t>(n);
    }
    if (written > 0) torn_ = text[written - 1] != '\n';
    return written;
  }

  LogQueue& queue_;
  const int fd_;
  bool torn_ = false;  // what was written last is not the end of a line
};

// What the thread does. It has nothing of the owner's but the queue, which it shares: it may be the
// one that lives longer.
class Writing {
 public:
  Writing(std::shared_ptr<LogQueue> queue, int fd, LogWriter::Gap gap)
      : queue_(std::move(queue)), gap_(std::move(gap)), out_(*queue_, fd) {}

  void run() {
    while (const LogLines* const lines = queue_->take(unsaid_ == 0)) {
      write(*lines);
      unsaid_ += lines->dropped;
      say_what_was_dropped();
    }
  }

 private:
  void write(const LogLines& lines) {
    std::string_view text = lines.text;
    for (Sizes sizes = lines.sizes; !sizes.empty();) {
      const Sizes piece = first_piece(sizes);
      const std::size_t bytes = sum(piece);
      queue_->drop(lines_beyond(out_.write(text.substr(0, bytes)), piece));
      text.remove_prefix(bytes);
      sizes = sizes.subspan(piece.size());
    }
  }

  void say_what_was_dropped() try {
    if (unsaid_ == 0) return;
    const std::string line = gap_(unsaid_);
    if (out_.write(line) == line.size()) unsaid_ = 0;
  } catch (const std::exception&) {  // no memory for the line
    queue_->pause(kBeforeAgain);
  }

  const std::shared_ptr<LogQueue> queue_;
  const LogWriter::Gap gap_;
  LinesOut out_;
  std::uint64_t unsaid_ = 0;  // lines dropped of which the log does not know yet
};

// A pipe without a reader and a file that may not grow are errors of write(2) then, and no more.
void block_signals_of_writing() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  sigaddset(&signals, SIGXFSZ);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

LogWriter::LogWriter(std::shared_ptr<LogQueue> queue, int fd, Gap gap) : queue_(std::move(queue)) {
  std::promise<void> ended;
  ended_ = ended.get_future();
  thread_ = std::thread(
      [ended = std::move(ended), writing = Writing(queue_, fd, std::move(gap))]() mutable {
        block_signals_of_writing();
        writing.run();
        ended.set_value();
      });
}

LogWriter::~LogWriter() {
  const Deadline give_up = Clock::now() + kLastWords;
  queue_->close(give_up);
  if (ended_.wait_until(give_up + kToNotice) == std::future_status::ready) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

}  // namespace imageserver
