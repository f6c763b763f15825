// Admits requests of peers only if they are signed with the ring's secret.

#ifndef IMAGESERVER_PEERS_SIGNATURE_GATE_H_
#define IMAGESERVER_PEERS_SIGNATURE_GATE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "http/request.h"
#include "imageserver/error.h"
#include "peers/wire/replay_guard.h"

namespace imageserver {

// The secret in a file, without the white space around it. It must have 16 to 4096 bytes.
[[nodiscard]] Result<std::string> read_secret(const std::string& path);

// Threads: any, concurrently.
class SignatureGate {
 public:
  // Of random nonces (nonce.h) each takes a block of a guard: 17,200 of them a second fill a half
  // in 15 seconds.
  static constexpr std::size_t kRandomBlocks = std::size_t{1} << 18U;

  // With an empty `secret` every request is admitted.
  explicit SignatureGate(std::string secret, std::size_t random_blocks = kRandomBlocks)
      : secret_(std::move(secret)), random_(random_blocks) {}

  // Whether the request is signed with the secret, in time, and for the first time.
  [[nodiscard]] bool admits(const Request& request);

 private:
  // Enough for a million requests a second.
  static constexpr std::size_t kStreamBlocks = std::size_t{1} << 16U;

  // Two guards, so that random nonces push out none of a stream.
  const std::string secret_;
  ReplayGuard streams_{kStreamBlocks};
  ReplayGuard random_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_SIGNATURE_GATE_H_
