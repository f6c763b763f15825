// Addresses that may be dialled: 16 bytes of a v6 address, then what `--source-allow-private`
// lists.

#include "source/address_rules.h"

#include <algorithm>
#include <string_view>

#include "check.h"

namespace imageserver::fuzz {
namespace {

constexpr std::string_view kHost = "a.example";

void check_address(const AddressRules& rules, const net::ip::address& address) {
  const bool is_public = is_global_unicast(address) && !is_metadata(address);
  check(rules.may_dial(address, kHost, false) == is_public,
        "a list counts for our own servers only");
  check(rules.may_dial(address, kHost, true) >= is_public, "a list takes nothing away");
  check(AddressRules().may_dial(address, kHost, true) == is_public, "no list allows nothing more");
  check(!is_metadata(address) || !rules.may_dial(address, kHost, true), "metadata stays closed");
}

void run(std::string_view input) {
  net::ip::address_v6::bytes_type v6{};
  net::ip::address_v4::bytes_type v4{};
  if (input.size() < v6.size()) return;
  std::copy_n(input.begin(), v6.size(), v6.begin());
  std::copy_n(input.begin(), v4.size(), v4.begin());
  const Result<AddressRules> rules = AddressRules::parse(input.substr(v6.size()));
  if (rules.has_error()) return;
  const auto plain = net::ip::make_address_v4(v4);
  const auto mapped = net::ip::make_address_v6(net::ip::v4_mapped, plain);
  check_address(*rules, net::ip::make_address_v6(v6));
  check_address(*rules, plain);
  check_address(*rules, mapped);
  check(is_metadata(mapped) == is_metadata(plain), "v4 in v6 is the same metadata");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
