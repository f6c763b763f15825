#include "peers/wire/peer_signature.h"

#include "base/hash.h"
#include "base/numbers.h"
#include "base/text.h"
#include "peers/wire/nonce.h"

namespace imageserver {
namespace {

constexpr std::size_t kLongestTimestamp = 19;  // of an int64 above 0

std::string mac(std::string_view secret, const SignedParts& parts, std::string_view timestamp,
                std::string_view nonce) {
  std::string text;
  for (const std::string_view part : {parts.method, parts.target, parts.context, timestamp}) {
    text.append(part).append("\n");
  }
  return to_hex(hmac_sha256(secret, text.append(nonce)));
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  if (text.size() > kLongestTimestamp) return std::nullopt;
  const auto seconds = parse_whole<std::int64_t>(text);
  return seconds && *seconds >= 0 ? seconds : std::nullopt;
}

}  // namespace

std::string sign(std::string_view secret, const SignedParts& parts, std::int64_t seconds,
                 std::string_view nonce) {
  const std::string timestamp = std::to_string(seconds);
  return timestamp + '.' + std::string(nonce) + '.' + mac(secret, parts, timestamp, nonce);
}

std::optional<Signature> verify(std::string_view secret, const SignedParts& parts,
                                std::string_view signature, std::int64_t seconds) {
  const std::string_view timestamp = take_until(signature, '.');
  const std::string_view nonce = take_until(signature, '.');
  const std::optional<std::int64_t> signed_at = parse_timestamp(timestamp);
  if (!signed_at || nonce.size() != kNonceText) return std::nullopt;
  // Neither is below 0, so the difference cannot overflow.
  const std::int64_t age = seconds - *signed_at;
  if (age > kSignatureSeconds || age < -kSignatureSeconds) return std::nullopt;
  if (!same_in_constant_time(mac(secret, parts, timestamp, nonce), signature)) return std::nullopt;
  return Signature{*signed_at, nonce};
}

}  // namespace imageserver
