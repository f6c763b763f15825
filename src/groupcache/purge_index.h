// Which purges of a log reach an original.

#ifndef IMAGESERVER_GROUPCACHE_PURGE_INDEX_H_
#define IMAGESERVER_GROUPCACHE_PURGE_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "groupcache/beginning.h"
#include "groupcache/kept_purge.h"
#include "groupcache/reach.h"

namespace imageserver {

// Purges of one strength about one thing. Threads: one at a time, as below.
class PurgeRank {
 public:
  void add(const KeptPurge& purge);
  void remove(const KeptPurge& purge);

  [[nodiscard]] bool is_empty() const { return by_age_.empty(); }

  // The last position; 0 if there is none.
  [[nodiscard]] std::uint64_t last() const { return positions_.empty() ? 0 : *positions_.rbegin(); }

  [[nodiscard]] std::size_t size() const { return by_age_.size(); }

  // Adds the newest, `most` of them at most.
  void add_newest_to(std::vector<const KeptPurge*>& purges, std::size_t most) const;

 private:
  std::set<const KeptPurge*, IsOlder> by_age_;
  std::set<std::uint64_t> positions_;
};

// Does not own the purges: each has to be removed before it goes. A purge is found by hashes of the
// name and of its beginnings, so that it takes a time that grows with the name alone.
class PurgeIndex {
 public:
  void add(const KeptPurge& purge);
  void remove(const KeptPurge& purge);

  // Says nothing of the log's position.
  [[nodiscard]] Reach reach(std::string_view name) const;

  // The newest that reach the name, `most` of them at most, the newest first; and whether these are
  // all that do.
  struct Reaching {
    std::vector<const KeptPurge*> purges;
    bool are_all = true;
  };
  [[nodiscard]] Reaching reaching(std::string_view name, std::size_t most) const;

 private:
  struct Place {
    PurgeRank hard;
    PurgeRank soft;

    [[nodiscard]] bool is_empty() const { return hard.is_empty() && soft.is_empty(); }
    PurgeRank& rank_of(const KeptPurge& purge) { return purge.record.is_soft ? soft : hard; }
  };
  using Places = std::unordered_map<std::string, Place, BeginningHash, SameBeginning>;

  Places& places_of(const KeptPurge& purge);

  // Calls visit(place) for all that reach the name.
  template <class Visit>
  void visit_places(std::string_view name, Visit visit) const;

  Place all_;
  Places sources_;
  Places prefixes_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_PURGE_INDEX_H_
