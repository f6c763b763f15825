// Names from a file that others rewrite: a configuration tool, a mounted Kubernetes ConfigMap.

#ifndef IMAGESERVER_MEMBERSHIP_FILE_DISCOVERY_H_
#define IMAGESERVER_MEMBERSHIP_FILE_DISCOVERY_H_

#include <filesystem>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "membership/discovery.h"
#include "membership/poller.h"

namespace imageserver {

inline constexpr std::size_t kMaxPeersFile = 1U << 20U;

// Reads the file (peers_text.h says what stands in it; at most kMaxPeersFile bytes) whenever
// anything happens in its directory: a new file renamed over the old one, or a symbolic link on the
// way that is replaced, is seen as well as a rewritten one. What inotify cannot see (the directory
// itself swapped, a network's file system) is found by reading anyway every `reread`. `on_view` is
// called on a thread of its own. Threads: as Discovery.
class FileDiscovery final : public Discovery {
 public:
  explicit FileDiscovery(std::filesystem::path path, milliseconds reread = milliseconds(30'000));
  ~FileDiscovery() override;

  // Throws std::system_error if the process has no descriptor or thread left.
  void start(std::function<void(View)> on_view) override;
  void refresh() override;
  void leave(std::function<void()> done) override;

 private:
  View look();
  void drain() const;
  void watch();

  const std::filesystem::path path_;
  const std::filesystem::path directory_;
  const milliseconds reread_;
  const UniqueFd inotify_;
  int watch_ = -1;  // used by the poller's thread only
  std::optional<Poller> poller_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_FILE_DISCOVERY_H_
