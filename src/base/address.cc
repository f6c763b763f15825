#include "base/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/numbers.h"
#include "base/text.h"

namespace imageserver {
namespace {

constexpr std::size_t kMaxHost = 253;  // the longest name DNS can hold

std::optional<std::uint16_t> parse_port(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return parse_whole<std::uint16_t>(text);
}

bool is_host_byte(char byte) {
  return is_ascii_letter(byte) || is_ascii_digit(byte) || byte == '.' || byte == '-' || byte == '_';
}

bool is_v6(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

std::optional<std::string> parse_host(std::string_view text) {
  const bool bracketed = text.size() >= 2 && text.front() == '[' && text.back() == ']';
  std::string host(bracketed ? text.substr(1, text.size() - 2) : text);
  if (host.size() > kMaxHost || host.find('\0') != std::string::npos) return std::nullopt;
  if (!(bracketed ? is_v6(host) : std::ranges::all_of(host, is_host_byte))) return std::nullopt;
  return host;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::optional<std::string> host = parse_host(text.substr(0, colon));
  const std::optional<std::uint16_t> port = parse_port(text.substr(colon + 1));
  if (!host || !port) return std::nullopt;
  return Address{*std::move(host), *port};
}

bool is_peer_name(std::string_view text) {
  const std::optional<Address> address = parse_address(text);
  return address && address->port != 0;
}

}  // namespace imageserver
