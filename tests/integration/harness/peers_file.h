// The file that tells nodes who is in their ring.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_PEERS_FILE_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_PEERS_FILE_H_

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "integration/harness/ring.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {

class PeersFile {
 public:
  // In one step: nobody sees half of it.
  void replace(std::string_view content) const {
    std::filesystem::rename(directory_.write("new", content), path());
  }

  // Names, one a line.
  void replace(const std::vector<std::string>& names) const {
    std::string lines;
    for (const std::string& name : names) lines += name + '\n';
    replace(lines);
  }

  void remove() const { std::filesystem::remove(path()); }

  // How the nodes of a ring learn of each other. REQUIRES: the file outlives the ring.
  [[nodiscard]] Introduction introduction() const {
    return [this](const std::vector<std::string>& addresses, std::size_t) {
      replace(addresses);
      return Flags{flag()};
    };
  }

  [[nodiscard]] std::string flag() const { return "--groupcache-peers-file=" + path().string(); }

 private:
  [[nodiscard]] std::filesystem::path path() const { return directory_.path() / "peers"; }

  const TemporaryDirectory directory_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_PEERS_FILE_H_
