#include "peers/wire/replay_guard.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/endian.h"
#include "peers/wire/peer_signature.h"

namespace imageserver {

// Streams are random, and only who has the secret can choose them.
std::size_t ReplayGuard::Hash::operator()(const Place& place) const {
  constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15U;
  const std::string_view stream(place.stream.data(), place.stream.size());
  return read_big_endian<std::uint64_t>(stream, 0) ^ place.block * kSpread;
}

bool ReplayGuard::admit(const Nonce& nonce, std::int64_t signed_at, std::int64_t seconds) {
  Half forgotten;  // freed after the lock is released
  const MutexLock lock(mutex_);
  if (seconds < since_) since_ = seconds;  // the clock was set back
  // So it was if no signature can be as new as what was forgotten. To refuse everybody until the
  // clock is where it was would help nobody.
  if (newest_forgotten_ > seconds + kSignatureSeconds) newest_forgotten_ = 0;
  if (seconds - since_ >= kSeconds) turn(seconds, forgotten);
  auto* const block = find({nonce.stream, nonce.number / kBlock}, signed_at, seconds, forgotten);
  if (block == nullptr) return false;
  young_.newest = std::max(young_.newest, signed_at);
  const std::size_t bit = nonce.number % kBlock;
  if (block->test(bit)) return false;
  block->set(bit);
  return true;
}

void ReplayGuard::turn(std::int64_t seconds, Half& forgotten) {
  forgotten = std::exchange(old_, std::exchange(young_, {}));
  newest_forgotten_ = std::max(newest_forgotten_, forgotten.newest);
  since_ = seconds;
}

std::bitset<ReplayGuard::kBlock>* ReplayGuard::find(const Place& place, std::int64_t signed_at,
                                                    std::int64_t seconds, Half& forgotten) {
  const auto found = young_.blocks.find(place);
  if (found != young_.blocks.end()) return &found->second;
  auto known = old_.blocks.extract(place);
  if (!known && signed_at <= newest_forgotten_) return nullptr;
  if (young_.blocks.size() >= most_) turn(seconds, forgotten);
  if (!known) return &young_.blocks[place];
  return &young_.blocks.insert(std::move(known)).position->second;
}

}  // namespace imageserver
