#include "groupcache/doubts.h"

#include <algorithm>

namespace imageserver {

bool Doubts::knows(std::string_view id) const {
  return std::ranges::find(all_, id, &Doubt::id) != all_.end();
}

bool Doubts::add(const Doubt& doubt) {
  const auto known = std::ranges::find(all_, doubt.id, &Doubt::id);
  const bool was_known = known != all_.end();
  if (was_known) {
    if (doubt <= *known) return false;
    all_.erase(known);
  }
  all_.insert(std::ranges::upper_bound(all_, doubt), doubt);
  if (all_.size() > kMost) all_.erase(all_.begin());
  return !was_known && knows(doubt.id);
}

}  // namespace imageserver
