// Signatures by which peers prove to each other that they know the secret of the ring.

#ifndef IMAGESERVER_PEERS_WIRE_PEER_SIGNATURE_H_
#define IMAGESERVER_PEERS_WIRE_PEER_SIGNATURE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imageserver {

inline constexpr std::string_view kSignatureHeader = "X-Imageserver-Signature";

// Seconds by which the clocks of two nodes, and the time on the way, may differ.
inline constexpr std::int64_t kSignatureSeconds = 30;

// The parts of a request that are signed.
struct SignedParts {
  std::string_view method;
  std::string_view target;  // as sent
  std::string_view
      context;  // value of the context header, empty if there is none; or body_digest()
};

// `timestamp.nonce.mac`: seconds since 1970 in decimal, the nonce, and in hex the HMAC-SHA256, with
// the secret as its key, of method, target, context, timestamp and nonce, a line feed between each
// two (none of them can hold one). REQUIRES: `nonce` has kNonceText bytes and no dot (nonce.h).
[[nodiscard]] std::string sign(std::string_view secret, const SignedParts& parts,
                               std::int64_t seconds, std::string_view nonce);

// What a right signature says of itself.
struct Signature {
  std::int64_t seconds = 0;  // its time, since 1970
  std::string_view nonce;
};

// The signature, if it signs these parts and its time differs from `seconds` by no more than
// kSignatureSeconds; else none. The caller checks whether the nonce was used before (ReplayGuard).
// The view points into `signature`. Threads: any.
[[nodiscard]] std::optional<Signature> verify(std::string_view secret, const SignedParts& parts,
                                              std::string_view signature, std::int64_t seconds);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_PEER_SIGNATURE_H_
