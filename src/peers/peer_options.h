// How this node asks its peers.

#ifndef IMAGESERVER_PEERS_PEER_OPTIONS_H_
#define IMAGESERVER_PEERS_PEER_OPTIONS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "http/byte_budget.h"
#include "imageserver/ring_mode.h"
#include "peers/purge_talk.h"

namespace imageserver {

struct PeerOptions {
  RingMode mode = RingMode::kBalanced;

  // The time that a query has in all.
  milliseconds request_timeout{10'000};

  // The time for one fetch; none: 60 % of the time that the query has left.
  std::optional<milliseconds> timeout;

  // The secret that requests are signed with; empty: requests are not signed.
  std::string secret;

  // Give the fingerprint of the ring that this node sees, and its settings (wire/settings.h).
  // Called from any I/O thread, concurrently.
  std::function<std::string()> fingerprint;
  std::function<std::string()> settings;

  // What is told to peers of purges, and heard from them; null: nothing.
  std::shared_ptr<const PurgeTalk> purges = {};

  // In which originals count that peers give, for as long as anybody holds them; null: in none.
  std::shared_ptr<ByteBudget> originals = {};
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_OPTIONS_H_
