#include "peers/signature_gate.h"

#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/read_file.h"
#include "base/text.h"
#include "peers/wire/context_header.h"
#include "peers/wire/nonce.h"
#include "peers/wire/peer_signature.h"

namespace imageserver {
namespace {

constexpr std::size_t kShortest = 16;
constexpr std::size_t kLongest = 4096;
constexpr std::string_view kWhiteSpace = " \t\r\n";

SignedParts parts_of(const Request& request) {
  return {request.method() == Method::kHead ? "HEAD" : "GET", request.target(),
          request.header(kContextHeader)};
}

}  // namespace

Result<std::string> read_secret(const std::string& path) {
  constexpr std::size_t kMostBytes = 1U << 20U;
  const Result<std::string> content = read_file(path, kMostBytes);
  if (content.has_error()) return Error{ErrorKind::kInvalidParam, content.error().message};
  const std::string_view secret = trimmed(*content, kWhiteSpace);
  if (secret.size() < kShortest || secret.size() > kLongest) {
    return Error{ErrorKind::kInvalidParam, "must hold 16 to 4096 bytes"};
  }
  return std::string(secret);
}

bool SignatureGate::admits(const Request& request) {
  if (secret_.empty()) return true;
  const std::int64_t now = seconds_since_1970();
  const auto right = verify(secret_, parts_of(request), request.header(kSignatureHeader), now);
  const std::optional<Nonce> nonce = right ? parse_nonce(right->nonce) : std::nullopt;
  if (!nonce) return false;
  return (nonce->counted ? streams_ : random_).admit(*nonce, right->seconds, now);
}

}  // namespace imageserver
