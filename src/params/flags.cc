#include "params/flags.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "base/address.h"
#include "params/flag_values.h"

namespace imageserver {
namespace {

using Broken = std::optional<std::string>;  // the rule that was; none: all is well

constexpr int kMaxThreads = 1024;
constexpr int kMaxQueue = 1'000'000;

constexpr std::string_view kAddressRule = "must be :port, host:port or [v6]:port";
constexpr std::string_view kPeersRule =
    "must be a list of :port, host:port or [v6]:port, separated by commas";
constexpr std::string_view kSizeRule = "must be a number of bytes, such as 134217728 or 128MiB";
constexpr std::string_view kTimeRule =
    "must be a time above 0 and up to 24h, such as 10s, 500ms or 1m30s";

constexpr std::array<std::string_view, 7> kLogLevels = {"trace", "debug",    "info", "warning",
                                                        "error", "critical", "off"};

Broken set_between(std::string_view value, int low, int high, int& option) {
  const std::optional<std::int64_t> number = parse_integer_between(value, low, high);
  if (!number) return "must be between " + std::to_string(low) + " and " + std::to_string(high);
  option = static_cast<int>(*number);
  return std::nullopt;
}

Broken set_http(std::string_view value, Options& options) {
  if (!parse_address(value)) return std::string(kAddressRule);
  options.http = value;
  return std::nullopt;
}

Broken set_groupcache(std::string_view value, Options& options) {
  const std::optional<std::int64_t> size = parse_byte_size(value);
  if (!size) return std::string(kSizeRule);
  options.groupcache = *size;
  return std::nullopt;
}

// Whether others can connect to it: port 0 is for listening only.
bool is_reachable(std::string_view text) {
  const std::optional<Address> address = parse_address(text);
  return address && address->port != 0;
}

Broken set_peers(std::string_view value, Options& options) {
  std::vector<std::string> peers;
  while (!value.empty()) {
    const std::string_view peer = value.substr(0, value.find(','));
    value.remove_prefix(std::min(peer.size() + 1, value.size()));
    if (peer.empty() || std::ranges::find(peers, peer) != peers.end()) continue;
    if (!is_reachable(peer)) return std::string(kPeersRule);
    peers.emplace_back(peer);
  }
  options.groupcache_peers = std::move(peers);
  return std::nullopt;
}

Broken set_self(std::string_view value, Options& options) {
  if (!value.empty() && !is_reachable(value)) return std::string(kAddressRule);
  options.groupcache_self = value;
  return std::nullopt;
}

Broken set_source(std::string_view value, Options& options) {
  std::error_code ignored;
  if (!value.empty() && !std::filesystem::is_directory(value, ignored)) {
    return "must be a directory";
  }
  options.source = value;
  return std::nullopt;
}

Broken set_workers(std::string_view value, Options& options) {
  return set_between(value, 0, kMaxThreads, options.workers);
}

Broken set_io_threads(std::string_view value, Options& options) {
  return set_between(value, 0, kMaxThreads, options.io_threads);
}

Broken set_queue(std::string_view value, Options& options) {
  return set_between(value, 0, kMaxQueue, options.queue);
}

Broken set_timeout(std::string_view value, Options& options) {
  const std::optional<std::chrono::milliseconds> time = parse_duration(value);
  if (!time) return std::string(kTimeRule);
  options.timeout = *time;
  return std::nullopt;
}

Broken set_peer_timeout(std::string_view value, Options& options) {
  const std::optional<std::chrono::milliseconds> time = parse_duration(value);
  if (!time && !value.empty()) return std::string(kTimeRule);
  options.peer_timeout = time;
  return std::nullopt;
}

Broken set_max_age(std::string_view value, Options& options) {
  return set_between(value, 0, std::numeric_limits<int>::max(), options.max_age);
}

Broken set_log_level(std::string_view value, Options& options) {
  if (std::ranges::find(kLogLevels, value) != kLogLevels.end()) {
    options.log_level = value;
    return std::nullopt;
  }
  std::string rule = "must be one of";
  for (const std::string_view level : kLogLevels) {
    rule += (level == kLogLevels.front() ? " " : ", ") + std::string(level);
  }
  return rule;
}

constexpr std::array<Flag, 12> kFlags = {{
    {"http", ":8080", "", "address to listen on: :port, host:port or [v6]:port", set_http},
    {"groupcache", "134217728", "",
     "bytes of cache, also as 128MiB or 1GB; 0 or less switches caching off", set_groupcache},
    {"groupcache-peers", "", "none", "the other nodes of the ring, separated by commas", set_peers},
    {"groupcache-self", "", "the value of --http", "this node's name as its peers write it",
     set_self},
    {"source", "", "the sample images", "directory of the originals", set_source},
    {"workers", "0", "", "threads that render; 0: one a core", set_workers},
    {"io-threads", "0", "", "threads that serve connections; 0: one a core", set_io_threads},
    {"queue", "256", "", "renders that may wait for a worker", set_queue},
    {"timeout", "10s", "", "time for one request", set_timeout},
    {"peer-timeout", "", "60 % of the time left", "time for one fetch from a peer",
     set_peer_timeout},
    {"max-age", "600", "", "seconds a client may keep an image", set_max_age},
    {"log-level", "info", "", "trace, debug, info, warning, error, critical or off", set_log_level},
}};

}  // namespace

std::span<const Flag> flags() { return kFlags; }

std::string help_text() {
  std::string text =
      "Serves resized images over HTTP and shares its cache with its peers.\n\n"
      "Usage: imageserver [flags]\n\n";
  for (const Flag& flag : kFlags) {
    const std::string_view shown =
        flag.default_value.empty() ? flag.default_words : flag.default_value;
    text += "  --" + std::string(flag.name) + " (default: " + std::string(shown) + ")\n      " +
            std::string(flag.help) + "\n";
  }
  return text +
         "  --version\n      print the version\n"
         "  --help\n      print this text\n";
}

}  // namespace imageserver
