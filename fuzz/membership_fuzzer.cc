// What names of peers are made from: etcd's answers, the file of peers, and the flags that say
// where to ask. The first byte chooses.

#include <algorithm>
#include <string>
#include <string_view>

#include "base/address.h"
#include "check.h"
#include "membership/dns_spec.h"
#include "membership/etcd_codec.h"
#include "membership/etcd_endpoints.h"
#include "membership/peers_text.h"
#include "membership/view.h"

namespace imageserver::fuzz {
namespace {

void check_view(const View& view) {
  if (!view) {
    check(!view.error().message.empty(), "an error says what is wrong");
    return;
  }
  check(view->size() <= kMaxNames, "a view is bounded");
  check(std::ranges::all_of(*view, [](const auto& name) { return is_peer_name(name); }),
        "every name is one");
  check(std::ranges::is_sorted(*view) && std::ranges::adjacent_find(*view) == view->end(),
        "the names are sorted, none twice");
}

void run(unsigned choice, std::string_view text) {
  switch (choice % 6) {
    case 0:
      return check_view(parse_peers(text));
    case 1:
      if (const auto lease = parse_grant(text)) check(lease->id != 0, "a lease has a name");
      return;
    case 2:
      (void)parse_keepalive(text);
      return;
    case 3:
      if (const auto names = parse_range(text, "/p/")) {
        check(names->size() <= kMaxNames, "etcd's names are bounded");
        check_view(make_view(*names));
      }
      return;
    case 4:
      (void)parse_reason(text);
      return;
    default:
      (void)parse_dns_spec(text);
      (void)parse_etcd_endpoints(text);
  }
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  imageserver::fuzz::run(data[0], imageserver::fuzz::as_text(data + 1, size - 1));
  return 0;
}
