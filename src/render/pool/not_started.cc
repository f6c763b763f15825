#include "render/pool/not_started.h"

#include <atomic>
#include <cerrno>
#include <system_error>

#include "base/log.h"

namespace imageserver {
namespace {

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == EAGAIN;
}

}  // namespace

Error not_started(const std::string& program, int error) {
  static std::atomic<int> last = 0;
  if (last.exchange(error) != error)
    log::error("{} cannot be started: {}", program, std::generic_category().message(error));
  if (is_shortage(error)) return {ErrorKind::kBusy, "too much is open to make the picture now"};
  return {ErrorKind::kInternal, "the picture could not be made"};
}

}  // namespace imageserver
