#include "membership/etcd_codec.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/base64.h"
#include "base/numbers.h"
#include "base/printable.h"
#include "membership/view.h"

namespace imageserver {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kShownBytes = 120;

// Longer than any lease that makes sense; keeps sums with it from overflowing.
constexpr std::int64_t kLongestLease = 86'400;

Json parse(std::string_view body) { return Json::parse(body, nullptr, false); }

// Null if `json` is no object, or has no such member.
const Json* member(const Json& json, std::string_view name) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(name);
  return found == json.end() ? nullptr : &*found;
}

std::optional<std::string> text_member(const Json& json, std::string_view name) {
  const Json* const found = member(json, name);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

// None if it is there and is no integer; 0 if it is not there.
std::optional<std::int64_t> integer_member(const Json& json, std::string_view name) {
  if (member(json, name) == nullptr) return 0;
  const auto text = text_member(json, name);
  if (!text) return std::nullopt;
  return parse_whole<std::int64_t>(*text);
}

std::optional<std::chrono::seconds> time_to_live(const Json& json) {
  const auto seconds = integer_member(json, "TTL");
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 0, kLongestLease));
}

std::string lease_request(LeaseId lease) { return Json{{"ID", std::to_string(lease)}}.dump(); }

std::string first_behind(std::string_view prefix) {
  std::string end(prefix);
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1U);
  return end;
}

// The name in one of the keys.
std::optional<std::string> name_in(const Json& pair, std::string_view prefix) {
  const auto text = text_member(pair, "key");
  if (!text) return std::nullopt;
  const auto key = decode_base64(*text);
  if (!key || !key->starts_with(prefix)) return std::nullopt;
  return key->substr(prefix.size());
}

}  // namespace

std::string grant_request(std::chrono::seconds time_to_live) {
  return Json{{"TTL", std::to_string(time_to_live.count())}}.dump();
}

Result<Lease> parse_grant(std::string_view body) {
  const Json json = parse(body);
  const auto id = integer_member(json, "ID");
  const auto lives = time_to_live(json);
  if (!id || *id == 0 || !lives || lives->count() == 0) return membership_error("no lease");
  return Lease{*id, *lives};
}

std::string keepalive_request(LeaseId lease) { return lease_request(lease); }

Result<std::chrono::seconds> parse_keepalive(std::string_view body) {
  const Json json = parse(body);
  const Json* const result = member(json, "result");
  if (result == nullptr || !result->is_object()) return membership_error("no keepalive");
  const auto lives = time_to_live(*result);
  if (!lives) return membership_error("a malformed keepalive");
  return *lives;
}

std::string revoke_request(LeaseId lease) { return lease_request(lease); }

std::string put_request(std::string_view key, std::string_view value, LeaseId lease) {
  return Json{{"key", encode_base64(key)},
              {"value", encode_base64(value)},
              {"lease", std::to_string(lease)}}
      .dump();
}

std::string range_request(std::string_view prefix) {
  return Json{{"key", encode_base64(prefix)},
              {"range_end", encode_base64(first_behind(prefix))},
              {"limit", std::to_string(kMaxNames + 1)},
              {"keys_only", true}}
      .dump();
}

Result<std::vector<std::string>> parse_range(std::string_view body, std::string_view prefix) {
  const Json json = parse(body);
  if (member(json, "header") == nullptr) return membership_error("no range");
  std::vector<std::string> names;
  const Json* const pairs = member(json, "kvs");
  if (pairs == nullptr) return names;
  if (!pairs->is_array()) return membership_error("a malformed range");
  if (pairs->size() > kMaxNames) return membership_error("too many keys");
  for (const Json& pair : *pairs) {
    auto name = name_in(pair, prefix);
    if (!name) return membership_error("a malformed key in a range");
    names.push_back(*std::move(name));
  }
  return names;
}

std::string parse_reason(std::string_view body) {
  return printable(text_member(parse(body), "error").value_or(""), kShownBytes);
}

}  // namespace imageserver
