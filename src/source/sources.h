// Originals of several places, chosen by how their paths begin.

#ifndef IMAGESERVER_SOURCE_SOURCES_H_
#define IMAGESERVER_SOURCE_SOURCES_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/prefix_map.h"
#include "source/source.h"

namespace imageserver {

// Of the places whose prefix a path begins with, by whole segments, that with the longest has the
// original; what stands behind the prefix is its path there.
//
// Threads: any, concurrently.
class Sources {
 public:
  using Places = std::vector<std::pair<std::string, std::unique_ptr<Source>>>;

  // `label` stands in front of the canonical names of what lies in directories, and has a slash in
  // front, so that no path looks like it; empty: their names are their paths. REQUIRES: no prefix
  // twice.
  explicit Sources(Places places, std::string label = {});

  // All places.
  [[nodiscard]] const std::vector<Source*>& all() const { return all_; }

  // An original: the place that has it, and its name there.
  struct Located {
    Source* source;
    std::string name;
  };

  // None if no place can have such a path.
  [[nodiscard]] std::optional<Located> locate(std::string_view path) const;

  // The place of an original that a server has, by its name: the one that fits most of it. None if
  // there is none.
  [[nodiscard]] std::optional<Located> locate_name(std::string_view name) const;

  // What the ring knows the original by: its name if it is fetched from a server, else the label
  // and the path.
  [[nodiscard]] std::string canonical_name(std::string_view path) const;

  // What the canonical names of all originals below a folder begin with, by whole segments. A place
  // whose own folder lies below it has them all there. Empty if it is the folder of all.
  [[nodiscard]] std::vector<std::string> canonical_beginnings(std::string_view folder) const;

  // The original of that canonical name. None if there is no place for it.
  [[nodiscard]] std::optional<Located> locate_canonical(std::string_view name) const;

 private:
  PrefixMap<std::unique_ptr<Source>> places_;
  std::vector<Source*> all_;
  std::vector<std::pair<std::string, const Source*>> servers_;  // by their prefixes
  std::string label_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_SOURCES_H_
