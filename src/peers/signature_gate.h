// Admits requests of peers only if they are signed with the ring's secret.

#ifndef IMAGESERVER_PEERS_SIGNATURE_GATE_H_
#define IMAGESERVER_PEERS_SIGNATURE_GATE_H_

#include <string>

#include "http/request.h"
#include "imageserver/error.h"
#include "peers/wire/replay_guard.h"

namespace imageserver {

// The secret in a file, without the white space around it. It must have 16 to 4096 bytes.
[[nodiscard]] Result<std::string> read_secret(const std::string& path);

// Threads: any, concurrently.
class SignatureGate {
 public:
  // With an empty `secret` every request is admitted.
  explicit SignatureGate(std::string secret) : secret_(std::move(secret)) {}

  // Whether the request is signed with the secret, in time, and for the first time.
  [[nodiscard]] bool admits(const Request& request);

 private:
  const std::string secret_;
  ReplayGuard replays_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_SIGNATURE_GATE_H_
