// Remembers the nonces of signatures, so that each signature is accepted once.

#ifndef IMAGESERVER_PEERS_WIRE_REPLAY_GUARD_H_
#define IMAGESERVER_PEERS_WIRE_REPLAY_GUARD_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "base/mutex.h"
#include "peers/wire/nonce.h"

namespace imageserver {

// A nonce is a bit in a block of the bits of its stream, as in the windows against replays of ESP
// (RFC 4303, section 3.4.3; RFC 6479 has the blocks). Requests that overtake each other on many
// connections do so further than packets: so a block is kept for a time, and not for as long as it
// is near to the highest number. Whatever order the nonces of a stream come in, none is refused.
//
// Callers pass only nonces of valid signatures, so that only a node with the secret can fill it.
// Its size is bounded all the same. Where more blocks are in use than there may be, those that were
// left alone for the longest time go first, half of all at once. From then on a block that is not
// there is begun only for a signature that is newer than all that went: so no signature is accepted
// twice, and nobody is refused whose clock is right to within the time that a half lasts.
//
// Threads: any, concurrently.
class ReplayGuard {
 public:
  // A nonce is remembered this long, and up to twice as long. That covers the time from the first
  // moment at which its signature may be accepted to the last.
  static constexpr std::int64_t kSeconds = 61;

  // The numbers in a block.
  static constexpr std::size_t kBlock = 1024;

  // `most`, above 0, is the number of blocks in each half. A block takes about 180 bytes.
  explicit ReplayGuard(std::size_t most) : most_(most) {}

  // Remembers the nonce. False if it was remembered already, or may have been. Both times are
  // seconds since 1970: that of the signature, and this one. REQUIRES: they differ by no more than
  // kSignatureSeconds.
  [[nodiscard]] bool admit(const Nonce& nonce, std::int64_t signed_at, std::int64_t seconds);

 private:
  struct Place {
    Nonce::Stream stream;
    std::uint64_t block;

    friend bool operator==(const Place&, const Place&) = default;
  };

  struct Hash {
    std::size_t operator()(const Place& place) const;
  };

  using Blocks = std::unordered_map<Place, std::bitset<kBlock>, Hash>;

  struct Half {
    Blocks blocks;
    std::int64_t newest = 0;  // no signature whose nonce is in them is newer
  };

  // Makes the young half the old one; what was in the old one moves to `forgotten`.
  void turn(std::int64_t seconds, Half& forgotten) IMAGESERVER_REQUIRES(mutex_);

  // The block, which is in the young half then; null if it may have been forgotten. `forgotten` is
  // as above.
  [[nodiscard]] std::bitset<kBlock>* find(const Place& place, std::int64_t signed_at,
                                          std::int64_t seconds, Half& forgotten)
      IMAGESERVER_REQUIRES(mutex_);

  const std::size_t most_;
  Mutex mutex_;
  Half young_ IMAGESERVER_GUARDED_BY(mutex_);
  Half old_ IMAGESERVER_GUARDED_BY(mutex_);
  std::int64_t since_ IMAGESERVER_GUARDED_BY(mutex_) = 0;             // when young_ was begun
  std::int64_t newest_forgotten_ IMAGESERVER_GUARDED_BY(mutex_) = 0;  // signature
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_REPLAY_GUARD_H_
