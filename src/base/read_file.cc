#include "base/read_file.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <system_error>

#include "base/clock.h"
#include "base/unique_fd.h"

namespace imageserver {
namespace {

Error wrong(const std::string& why) { return {ErrorKind::kInternal, why}; }

Error unreadable(int reason) {
  return wrong("cannot be read: " + std::generic_category().message(reason));
}

constexpr std::chrono::seconds kPatience{5};

// Waits until the file can be read or `give_up` has passed.
bool is_readable(int file, Deadline give_up) {
  pollfd waits{file, POLLIN, 0};
  const auto left = std::chrono::duration_cast<milliseconds>(give_up - Clock::now());
  const int found = poll(&waits, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  return found > 0 || (found < 0 && errno == EINTR);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return unreadable(errno);
  const Deadline give_up = Clock::now() + kPatience;
  std::string text;
  std::array<char, 16384> part{};
  while (true) {
    const ssize_t size = read(file.get(), part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN && is_readable(file.get(), give_up)) continue;
    if (size < 0) return unreadable(errno);
    if (size == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(size));
    if (text.size() > most) {
      return wrong("must not be larger than " + std::to_string(most >> 20U) + " MiB");
    }
  }
}

}  // namespace imageserver
