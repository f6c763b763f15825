#include "base/read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/unique_fd.h"

namespace imageserver {
namespace {

Error wrong(const std::string& why) { return {ErrorKind::kInternal, why}; }

Error unreadable(int reason) {
  return wrong("cannot be read: " + std::generic_category().message(reason));
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return unreadable(errno);
  std::string text;
  std::array<char, 16384> part{};
  while (true) {
    const ssize_t size = read(file.get(), part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return unreadable(errno);
    if (size == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(size));
    if (text.size() > most) {
      return wrong("must not be larger than " + std::to_string(most >> 20U) + " MiB");
    }
  }
}

}  // namespace imageserver
