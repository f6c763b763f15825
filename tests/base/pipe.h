// A pipe whose reader reads when the test says so.

#ifndef IMAGESERVER_TESTS_BASE_PIPE_H_
#define IMAGESERVER_TESTS_BASE_PIPE_H_

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <system_error>

#include "support/patience.h"

#include "base/unique_fd.h"

namespace imageserver::testing {

// Waits for something to read. Throws if patience runs out, which ends the test.
inline void wait_for_bytes(int fd) {
  constexpr std::chrono::milliseconds kMost = kShortPatience;
  pollfd readable{fd, POLLIN, 0};
  if (poll(&readable, 1, static_cast<int>(kMost.count())) == 0)
    throw std::runtime_error("nothing is written");
}

class Pipe {
 public:
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
      throw std::system_error(errno, std::generic_category(), "pipe2");
    reader_ = UniqueFd(ends[0]);
    writer_ = UniqueFd(ends[1]);
  }

  [[nodiscard]] int writer() const { return writer_.get(); }

  // Fills one that is empty, until nothing more finds room. Returns what is in it.
  std::string fill() const {
    std::string text(static_cast<std::size_t>(fcntl(writer(), F_GETPIPE_SZ)), '.');
    text.back() = '\n';
    if (write(writer(), text.data(), text.size()) < 0)
      throw std::system_error(errno, std::generic_category(), "write");
    return text;
  }

  // Waits for something to read.
  [[nodiscard]] std::string read() const {
    wait_for_bytes(reader_.get());
    std::array<char, 1 << 16> part{};
    const ssize_t n = ::read(reader_.get(), part.data(), part.size());
    return {part.data(), n > 0 ? static_cast<std::size_t>(n) : 0};
  }

  // All that is in it now.
  [[nodiscard]] std::string read_rest() const {
    std::string text;
    pollfd readable{reader_.get(), POLLIN, 0};
    while (poll(&readable, 1, 0) > 0) text += read();
    return text;
  }

  void close_reader() { reader_ = UniqueFd(); }

 private:
  UniqueFd reader_;
  UniqueFd writer_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_BASE_PIPE_H_
