// Any text as a peer's signature.

#include <string>

#include "check.h"
#include "peers/wire/nonce.h"
#include "peers/wire/peer_signature.h"

namespace imageserver::fuzz {
namespace {

constexpr std::string_view kSecret = "a secret of the ring";
constexpr std::int64_t kNow = 1'800'000'000;
constexpr SignedParts kParts = {"GET", "/_groupcache/imageserver/key", "context"};

void run(std::string_view signature) {
  const auto right = verify(kSecret, kParts, signature, kNow);
  if (!right) return;
  check(sign(kSecret, kParts, right->seconds, right->nonce) == signature,
        "a right signature has one spelling");
}

void run_nonce(std::string_view text) {
  const auto nonce = parse_nonce(text);
  if (!nonce) return;
  check(text.size() == kNonceText, "all nonces are of one length");
  check(nonce->counted || nonce->number == 0, "a random nonce is a stream of one");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  imageserver::fuzz::run_nonce(imageserver::fuzz::as_text(data, size));
  return 0;
}
