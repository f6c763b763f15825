#include "membership/view.h"

#include <algorithm>
#include <utility>

#include "base/address.h"
#include "base/printable.h"

namespace imageserver {
namespace {

constexpr std::size_t kShownBytes = 80;

}  // namespace

View make_view(std::vector<std::string> names) {
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  if (names.size() > kMaxNames) {
    return membership_error("more than " + std::to_string(kMaxNames) + " names");
  }
  const auto wrong = std::ranges::find_if_not(names, is_peer_name);
  if (wrong != names.end()) {
    return membership_error("\"" + printable(*wrong, kShownBytes) + "\" is no host:port");
  }
  return names;
}

Error membership_error(std::string message) { return {ErrorKind::kPeer, std::move(message)}; }

}  // namespace imageserver
