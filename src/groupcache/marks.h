// What a cache entry remembers of the originals that it was made of.

#ifndef IMAGESERVER_GROUPCACHE_MARKS_H_
#define IMAGESERVER_GROUPCACHE_MARKS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "groupcache/known_originals.h"

namespace imageserver {

// When something began that needs an original.
struct Start {
  KnownOriginalPtr original;
  KnownOriginal::Beginning begun;
};

// One of each original. Empty: nothing is known of originals.
using Starts = std::vector<Start>;

struct Mark {
  KnownOriginalPtr original;
  std::uint64_t generation = 0;
};

// One of each original. None: it is not known what the entry was made of, and it stands as fresh.
using Marks = std::vector<Mark>;

// How the entry stands: as that original which stands worst.
[[nodiscard]] inline Standing standing(const Marks& marks, Clock::time_point now) {
  Standing worst = Standing::kFresh;
  for (const Mark& mark : marks) {
    worst = std::max(worst, mark.original->standing(mark.generation, now));
  }
  return worst;
}

// How often the originals were seen, in the order of the marks.
using Sights = std::vector<std::uint64_t>;

[[nodiscard]] inline Sights sights_of(const Marks& marks) {
  Sights sights;
  for (const Mark& mark : marks) sights.push_back(mark.original->sights());
  return sights;
}

// The same as standing() when a look has ended (KnownOriginal::standing_after_look). `before`: the
// sights when the wait for it began. An entry that is not the one it began with stands as it does
// without a look.
[[nodiscard]] inline Standing standing_after_look(const Marks& marks, Clock::time_point now,
                                                  const Sights& before) {
  if (marks.size() != before.size()) return standing(marks, now);
  Standing worst = Standing::kFresh;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const Mark& mark = marks[i];
    worst = std::max(worst, mark.original->standing_after_look(mark.generation, now, before[i]));
  }
  return worst;
}

// Whether a look that has ended has not seen one of the originals that it was for, and another one
// may begin. `before` as above.
[[nodiscard]] inline bool wants_another_look(const Marks& marks, Clock::time_point now,
                                             const Sights& before) {
  if (marks.size() != before.size()) return false;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const auto& [original, generation] = marks[i];
    const bool is_unseen =
        original->sights() == before[i] && original->standing(generation, now) == Standing::kUnsure;
    if (is_unseen && original->is_to_be_looked_at(now)) return true;
  }
  return false;
}

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_MARKS_H_
