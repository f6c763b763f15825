// Originals that all lie on the disk.

#ifndef IMAGESERVER_TESTS_SUPPORT_DISK_ORIGINALS_H_
#define IMAGESERVER_TESTS_SUPPORT_DISK_ORIGINALS_H_

#include <memory>
#include <utility>

#include "server/originals.h"
#include "support/groups.h"
#include "support/looking.h"

namespace imageserver::testing {

// One source, of type S, has them; nothing is ever fetched.
template <class S>
class DiskOriginals {
 public:
  DiskOriginals() : DiskOriginals(std::make_unique<S>()) {}

  [[nodiscard]] S& source() { return source_; }
  [[nodiscard]] Originals& originals() { return originals_; }

 private:
  explicit DiskOriginals(std::unique_ptr<S> source)
      : source_(*source), sources_(only(std::move(source))) {}

  static Sources only(std::unique_ptr<Source> source) {
    Sources::Places places;
    places.emplace_back("/", std::move(source));
    return Sources(std::move(places));
  }

  S& source_;
  const Sources sources_;
  NoPeers peers_;
  PendingLoader loader_;
  Group group_{{.self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}}, loader_, peers_};
  Looking looking_{{&sources_}};
  Originals originals_{sources_, group_, looking_.checker};
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_DISK_ORIGINALS_H_
