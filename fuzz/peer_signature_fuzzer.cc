// Any text as a peer's signature.

#include <string>

#include "check.h"
#include "peers/wire/peer_signature.h"

namespace imageserver::fuzz {
namespace {

constexpr std::string_view kSecret = "a secret of the ring";
constexpr std::int64_t kNow = 1'800'000'000;
constexpr SignedParts kParts = {"GET", "/_groupcache/imageserver/key", "context"};

void run(std::string_view signature) {
  const auto nonce = verify(kSecret, kParts, signature, kNow);
  if (!nonce) return;
  const std::string timestamp(signature.substr(0, signature.find('.')));
  check(sign(kSecret, kParts, std::stoll(timestamp), *nonce) == signature,
        "a right signature has one spelling");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
