#include "membership/file_discovery.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "base/read_file.h"
#include "membership/peers_text.h"

namespace imageserver {
namespace {

// Not what reading does, or every look would call for the next; nor IN_MODIFY, as a file that is
// being written is not worth reading before it is closed.
constexpr std::uint32_t kEvents = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO |
                                  IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

std::filesystem::path directory_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

View read_peers(const std::filesystem::path& path) {
  const Result<std::string> text = read_file(path.string(), kMaxPeersFile);
  View view = text ? parse_peers(*text) : View(text.error());
  if (view) return view;
  return membership_error(path.string() + ": " + view.error().message);
}

}  // namespace

FileDiscovery::FileDiscovery(std::filesystem::path path, milliseconds reread)
    : path_(std::move(path)),
      directory_(directory_of(path_)),
      reread_(reread),
      inotify_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (inotify_.valid()) return;
  log::warn("{}: no inotify ({}), changes are seen every {} s", path_.string(),
            std::generic_category().message(errno),
            std::chrono::duration_cast<std::chrono::seconds>(reread_).count());
}

FileDiscovery::~FileDiscovery() = default;

void FileDiscovery::start(std::function<void(View)> on_view) {
  const auto look_here = [this](int) { return look(); };
  poller_.emplace(look_here, std::move(on_view), Poller::Occasions{reread_, inotify_.get()});
}

void FileDiscovery::refresh() {
  if (poller_) poller_->refresh();
}

void FileDiscovery::leave(std::function<void()> done) { done(); }

// Watches before it reads, so that no change falls between the two.
View FileDiscovery::look() {
  if (inotify_.valid()) {
    drain();
    watch();
  }
  return read_peers(path_);
}

void FileDiscovery::drain() const {
  alignas(inotify_event) std::array<char, 4096> events{};
  while (read(inotify_.get(), events.data(), events.size()) > 0) {
  }
}

// Another directory may stand at the path by now; the kernel gives the same number to the same one.
void FileDiscovery::watch() {
  const int watch = inotify_add_watch(inotify_.get(), directory_.c_str(), kEvents);
  if (watch_ >= 0 && watch_ != watch) {
    static_cast<void>(inotify_rm_watch(inotify_.get(), watch_));
  }
  watch_ = watch;
}

}  // namespace imageserver
