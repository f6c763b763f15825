#include "groupcache/s3_fifo.h"

#include <algorithm>

namespace imageserver {
namespace {

constexpr std::uint8_t kMostUses = 3;  // two bits

// Uses that move a picture from small to main. One is too few, as the paper says: a crawler's HEAD
// and GET are two requests in a row, and make no picture popular.
constexpr std::uint8_t kUsesToStay = 2;

// The most entries that one eviction inspects, because it holds the mutex; the last of them is
// evicted whatever its uses are.
constexpr int kMostTurns = 256;

}  // namespace

void S3Fifo::entered(CacheEntry& entry) {
  entry.in_main = ghost_.take(hash_of(entry.key));
  if (entry.in_main) {
    ++main_items_;
    main_.push_front(entry);
  } else {
    small_bytes_ += entry.size();
    small_.push_front(entry);
  }
}

void S3Fifo::used(CacheEntry& entry) {
  if (entry.uses < kMostUses) ++entry.uses;
}

void S3Fifo::resized(const CacheEntry& entry, std::size_t before) {
  if (entry.in_main) return;
  small_bytes_ -= before;
  small_bytes_ += entry.size();
}

CacheEntry& S3Fifo::victim() {
  for (int turn = 1;; ++turn) {
    const bool last = turn == kMostTurns;
    if (small_is_over_its_share()) {
      CacheEntry& oldest = small_.back();
      if (last || oldest.uses < kUsesToStay) return oldest;
      go_on_to_main(oldest);
    } else {
      CacheEntry& oldest = main_.back();
      if (last || oldest.uses == 0) return oldest;
      --oldest.uses;
      move_to_head(main_, oldest);
    }
  }
}

void S3Fifo::leaving(const CacheEntry& entry) {
  if (entry.in_main) {
    --main_items_;
    return;
  }
  ghost_.remember(hash_of(entry.key), std::max(main_items_, kFewestGhosts));
  small_bytes_ -= entry.size();
}

// False if small is empty, and true if main is, so that the queue it points to has an entry.
bool S3Fifo::small_is_over_its_share() const {
  return small_bytes_ * std::uint64_t{kSmallShare} > stats().bytes;
}

void S3Fifo::go_on_to_main(CacheEntry& entry) {
  small_bytes_ -= entry.size();
  ++main_items_;
  entry.in_main = true;
  entry.uses = 0;
  move_to_head(main_, entry);
}

}  // namespace imageserver
