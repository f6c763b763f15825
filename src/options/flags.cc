#include "options/flags.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/numbers.h"
#include "base/text.h"
#include "formats/format.h"
#include "options/command.h"
#include "options/flag_values.h"

namespace imageserver {
namespace {

// The rule that a value breaks; none if it breaks none.
using Broken = std::optional<std::string>;

constexpr int kMaxThreads = 1024;
constexpr int kMaxQueue = 1'000'000;
constexpr int kMaxConnections = 10'000'000;
constexpr double kMaxMegapixels = 40;

constexpr std::string_view kAddressRule = "must be :port, host:port or [v6]:port";
constexpr std::string_view kPeersRule =
    "must be a list of :port, host:port or [v6]:port, separated by commas";
constexpr std::string_view kSizeRule = "must be a number of bytes, such as 134217728 or 128MiB";
constexpr std::string_view kSizeAboveNoneRule =
    "must be a number of bytes above 0, such as 536870912 or 512MiB";
constexpr std::string_view kSizeOrNoneRule =
    "must be a number of bytes, 0 or more, such as 4294967296 or 4GiB";
constexpr std::string_view kSourceSizeRule =
    "must be a number of bytes above 0 and up to 20971520, or such as 5MiB";
constexpr std::int64_t kMaxSourceSize = 20'971'520;
constexpr std::string_view kTimeRule =
    "must be a time above 0 and up to 24h, such as 10s, 500ms or 1m30s";

constexpr std::string_view kTimeOrNoneRule =
    "must be a time from 0s up to 24h, such as 5s, 500ms or 1m30s";
constexpr std::string_view kPrefixRule =
    "must begin and end with /, and hold letters, digits, /, -, _ and . only";
constexpr std::size_t kMaxPrefix = 200;

constexpr auto kLogLevels = std::to_array<std::string_view>(
    {"trace", "debug", "info", "warning", "error", "critical", "off"});

template <int Options::* kOption, int kLow, int kHigh>
Broken set_between(std::string_view value, Options& options) {
  const std::optional<std::int64_t> number = parse_integer_between(value, kLow, kHigh);
  if (!number) return "must be between " + std::to_string(kLow) + " and " + std::to_string(kHigh);
  options.*kOption = static_cast<int>(*number);
  return std::nullopt;
}

template <std::chrono::milliseconds Options::* kOption>
Broken set_time(std::string_view value, Options& options) {
  const std::optional<std::chrono::milliseconds> time = parse_duration(value);
  if (!time) return std::string(kTimeRule);
  options.*kOption = *time;
  return std::nullopt;
}

template <std::chrono::milliseconds Options::* kOption>
Broken set_time_or_none(std::string_view value, Options& options) {
  const std::optional<std::chrono::milliseconds> time = parse_duration(value, Zero::kAllowed);
  if (!time) return std::string(kTimeOrNoneRule);
  options.*kOption = *time;
  return std::nullopt;
}

// Empty: none.
template <std::optional<std::chrono::milliseconds> Options::* kOption>
Broken set_optional_time(std::string_view value, Options& options) {
  const std::optional<std::chrono::milliseconds> time = parse_duration(value);
  if (!time && !value.empty()) return std::string(kTimeRule);
  options.*kOption = time;
  return std::nullopt;
}

template <bool Options::* kOption>
Broken set_switch(std::string_view value, Options& options) {
  const std::optional<bool> given = parse_boolean(value);
  if (!given) return "must be true or false";
  options.*kOption = *given;
  return std::nullopt;
}

// Any text: the code that reads the option checks it.
template <std::string Options::* kOption>
Broken set_text(std::string_view value, Options& options) {
  options.*kOption = value;
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

template <std::int64_t Options::* kOption>
Broken set_size_above_none(std::string_view value, Options& options) {
  const std::optional<std::int64_t> size = parse_byte_size(value);
  if (!size || *size <= 0) return std::string(kSizeAboveNoneRule);
  options.*kOption = *size;
  return std::nullopt;
}

template <std::int64_t Options::* kOption>
Broken set_size_or_none(std::string_view value, Options& options) {
  const std::optional<std::int64_t> size = parse_byte_size(value);
  if (!size || *size < 0) return std::string(kSizeOrNoneRule);
  options.*kOption = *size;
  return std::nullopt;
}

Broken set_source_max_bytes(std::string_view value, Options& options) {
  const std::optional<std::int64_t> size = parse_byte_size(value);
  if (!size || *size <= 0 || *size > kMaxSourceSize) return std::string(kSourceSizeRule);
  options.source_max_bytes = *size;
  return std::nullopt;
}

Broken set_peers(std::string_view value, Options& options) {
  std::vector<std::string> peers;
  while (!value.empty()) {
    const std::string_view peer = take_until(value, ',');
    if (peer.empty() || std::ranges::find(peers, peer) != peers.end()) continue;
    if (!is_peer_name(peer)) return std::string(kPeersRule);
    peers.emplace_back(peer);
  }
  options.groupcache_peers = std::move(peers);
  return std::nullopt;
}

Broken set_self(std::string_view value, Options& options) {
  if (!value.empty() && !is_peer_name(value)) return std::string(kAddressRule);
  options.groupcache_self = value;
  return std::nullopt;
}

bool is_directory_or_none(std::string_view value) {
  std::error_code ignored;
  return value.empty() || std::filesystem::is_directory(value, ignored);
}

bool is_file_or_none(std::string_view value) {
  std::error_code ignored;
  return value.empty() || std::filesystem::is_regular_file(value, ignored);
}

constexpr std::string_view kSourceRule =
    "must be DIRECTORY or URL, or /PREFIX=DIRECTORY or /PREFIX=URL";
constexpr std::string_view kPlaceRule = "must be a directory, or a URL of http or https";
constexpr std::string_view kFallbackRule = "must be /PATH or /PREFIX=/PATH, of an original";
constexpr std::string_view kOncePerPrefix = "must name each prefix once";

// A value without a prefix is one for all paths. None if the prefix is no prefix of paths.
std::optional<PrefixRule> parse_prefix_rule(std::string_view text) {
  const auto equals = text.find('=');
  if (!text.starts_with('/') || equals == std::string_view::npos) {
    return PrefixRule{.value = std::string(text)};
  }
  std::string_view prefix = text.substr(0, equals);
  if (prefix.size() > 2 && prefix.ends_with('/')) prefix.remove_suffix(1);
  if (prefix != "/" && !is_plain_path(prefix.substr(1))) return std::nullopt;
  return PrefixRule{std::string(prefix), std::string(text.substr(equals + 1))};
}

template <std::vector<PrefixRule> Options::* kRules>
Broken add_rule(PrefixRule rule, Options& options) {
  std::vector<PrefixRule>& rules = options.*kRules;
  if (std::ranges::find(rules, rule.prefix, &PrefixRule::prefix) != rules.end()) {
    return std::string(kOncePerPrefix);
  }
  rules.push_back(std::move(rule));
  return std::nullopt;
}

// The code that opens it looks at the rest of a URL.
bool is_place_or_none(std::string_view value) {
  return value.find("://") != std::string_view::npos || is_directory_or_none(value);
}

Broken set_watermarks(std::string_view value, Options& options) {
  if (!is_place_or_none(value)) return std::string(kPlaceRule);
  options.watermarks = value;
  return std::nullopt;
}

// Empty would not be the sample images, which only stand in where no place is given.
Broken add_source(std::string_view value, Options& options) {
  std::optional<PrefixRule> rule = parse_prefix_rule(value);
  if (!rule) return std::string(kSourceRule);
  if (rule->value.empty() || !is_place_or_none(rule->value)) return std::string(kPlaceRule);
  return add_rule<&Options::sources>(*std::move(rule), options);
}

// Empty: there is none.
Broken add_fallback(std::string_view value, Options& options) {
  if (value.empty()) return std::nullopt;
  std::optional<PrefixRule> rule = parse_prefix_rule(value);
  if (!rule || !rule->value.starts_with('/') || !is_plain_path(rule->value.substr(1))) {
    return std::string(kFallbackRule);
  }
  return add_rule<&Options::fallbacks>(*std::move(rule), options);
}

Broken set_fallback_status(std::string_view value, Options& options) {
  if (value != "404" && value != "200") return "must be 404 or 200";
  options.fallback_status = value == "200" ? 200 : 404;
  return std::nullopt;
}

template <auto Options::* kOption>
Broken set_file(std::string_view value, Options& options) {
  if (!is_file_or_none(value)) return "must be a file";
  options.*kOption = value;
  return std::nullopt;
}

bool is_prefix_character(char c) {
  return is_ascii_letter(c) || is_ascii_digit(c) ||
         std::string_view("/-_.").find(c) != std::string_view::npos;
}

Broken set_peers_etcd_prefix(std::string_view value, Options& options) {
  const bool framed = value.size() >= 2 && value.starts_with('/') && value.ends_with('/');
  if (!framed || value.size() > kMaxPrefix || !std::ranges::all_of(value, is_prefix_character)) {
    return std::string(kPrefixRule);
  }
  options.groupcache_peers_etcd_prefix = value;
  return std::nullopt;
}

Broken set_ring(std::string_view value, Options& options) {
  if (value != "balanced" && value != "go") return "must be balanced or go";
  options.groupcache_ring = value == "go" ? RingMode::kGo : RingMode::kBalanced;
  return std::nullopt;
}

Broken set_policy(std::string_view value, Options& options) {
  if (value != "lru" && value != "s3fifo") return "must be lru or s3fifo";
  options.groupcache_policy = value == "lru" ? CachePolicy::kLru : CachePolicy::kS3Fifo;
  return std::nullopt;
}

Broken set_sandbox(std::string_view value, Options& options) {
  if (value != "auto" && value != "require") return "must be auto or require";
  options.sandbox = value == "require" ? SandboxMode::kRequire : SandboxMode::kAuto;
  return std::nullopt;
}

Broken set_listen(std::string_view value, Options& options) {
  if (!value.empty() && !parse_address(value)) return std::string(kAddressRule);
  options.groupcache_listen = value;
  return std::nullopt;
}

// "svg, pdf and jxl": the names of the formats that must be permitted.
std::string untrusted_names() {
  std::vector<std::string_view> names;
  for (const FormatRow& row : format_rows()) {
    if (needs_sandbox(row.type)) names.push_back(row.name);
  }
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 == names.size() ? " and " : ", ";
    list += names[i];
  }
  return list;
}

Broken set_untrusted_formats(std::string_view value, Options& options) {
  UntrustedFormats formats;
  while (!value.empty()) {
    const std::string_view name = take_until(value, ',');
    if (name.empty()) continue;
    const std::optional<FileType> type = sandboxed_type_from_name(name);
    if (!type) return "must be a list of " + untrusted_names() + ", separated by commas";
    formats.*row_of(*type).permission = true;
  }
  options.untrusted_formats = formats;
  return std::nullopt;
}

Broken set_avif_auto_max_mp(std::string_view value, Options& options) {
  const std::optional<double> megapixels = parse_number(value);
  if (!megapixels || *megapixels < 0 || *megapixels > kMaxMegapixels) {
    return "must be between 0 and 40";
  }
  options.avif_auto_max_mp = *megapixels;
  return std::nullopt;
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

constexpr auto kFlags = std::to_array<Flag>({
    {"http", ":8080", "", "address to listen on: :port, host:port or [v6]:port", set_http},
    {"groupcache", "134217728", "",
     "bytes of cache, also as 128MiB or 1GB; 0 or less switches caching off", set_groupcache},
    {"groupcache-policy", "s3fifo", "",
     "what goes first: s3fifo drops what is asked for once; lru is as in groupcache", set_policy},
    {"groupcache-peers", "", "none", "the other nodes of the ring, separated by commas", set_peers},
    {"groupcache-peers-file", "", "none",
     "a file with the names of the nodes, one a line or separated by commas",
     set_file<&Options::groupcache_peers_file>},
    {"groupcache-peers-dns", "", "none",
     "the nodes are all addresses of host:port, or the SRV records of srv:name",
     set_text<&Options::groupcache_peers_dns>},
    {"groupcache-peers-dns-server", "", "the system's", "the DNS server to ask, as ip:port",
     set_text<&Options::groupcache_peers_dns_server>},
    {"groupcache-peers-interval", "10s", "", "time between two looks into DNS",
     set_time<&Options::groupcache_peers_interval>},
    {"groupcache-peers-etcd", "", "none",
     "nodes register in this etcd, as http://host:port, separated by commas",
     set_text<&Options::groupcache_peers_etcd>},
    {"groupcache-peers-etcd-prefix", "/imageserver/peers/", "",
     "the keys of etcd below which they do", set_peers_etcd_prefix},
    {"groupcache-self", "", "the address peers speak to", "this node's name as its peers write it",
     set_self},
    {"groupcache-ring", "balanced", "",
     "balanced, or go: as groupcache does, with Go nodes in the ring", set_ring},
    {"groupcache-listen", "", "the same as --http",
     "a second address, for peers, /peers and /stats alone", set_listen},
    {"groupcache-secret-file", "", "none",
     "a file whose content peers sign their requests with; /stats and /peers ask for its token",
     set_file<&Options::groupcache_secret_file>},
    {"purge-token-file", "", "none", "a file with the bearer token of those who may purge",
     set_file<&Options::purge_token_file>},
    {.name = "source",
     .default_value = "",
     .default_words = "the sample images",
     .help = "directory or URL of the originals; as /PREFIX=DIRECTORY or /PREFIX=URL, and several "
             "times, of those below",
     .set = add_source,
     .is_repeated = true},
    {"source-header-file", "", "none",
     "a file with header fields for servers of originals, one PREFIX Name: value a line",
     set_file<&Options::source_header_file>},
    {"source-ca", "", "those of the system",
     "a file with the certificates, in PEM, that servers of originals are trusted by",
     set_file<&Options::source_ca>},
    {"source-allow-private", "", "none",
     "CIDRs and hosts, separated by commas, of origins of your own that are not public",
     set_text<&Options::source_allow_private>},
    {"source-max-bytes", "20971520", "", "bytes of an original that is fetched, also as 5MiB",
     set_source_max_bytes},
    {"source-cache", "67108864", "",
     "bytes of the cache of originals that were fetched, also as 64MiB; 0: they are not cached",
     set_size_or_none<&Options::source_cache>},
    {"source-bytes", "268435456", "",
     "bytes of originals that are being fetched or wait for a render, also as 256MiB",
     set_size_above_none<&Options::source_bytes>},
    {"source-connect-timeout", "2s", "", "time until a server of originals is connected to",
     set_time<&Options::source_connect_timeout>},
    {"source-first-byte-timeout", "4s", "", "time until its answer begins",
     set_time<&Options::source_first_byte_timeout>},
    {"source-timeout", "5s", "", "time until all of an original is there",
     set_time<&Options::source_timeout>},
    {"source-connections", "32", "", "fetches at a time from one server; others wait",
     set_between<&Options::source_connections, 1, kMaxThreads>},
    {"source-ttl", "", "1h from a server, 1s from a directory",
     "time until an original is looked at again", set_optional_time<&Options::source_ttl>},
    {"source-respect-cache-control", "false", "",
     "a server's Cache-Control and Expires go before --source-ttl",
     set_switch<&Options::source_respect_cache_control>, true},
    {"stale", "24h", "",
     "time after that for which an old picture is served while its original is looked at, or "
     "cannot be",
     set_time_or_none<&Options::stale>},
    {.name = "fallback",
     .default_value = "",
     .default_words = "none",
     .help = "path of an original that stands in for what is missing or cannot be read; as "
             "/PREFIX=/PATH, and several times, for paths below",
     .set = add_fallback,
     .is_repeated = true},
    {"fallback-status", "404", "", "the status of an answer with that: 404 or 200",
     set_fallback_status},
    {"watermarks", "", "none", "directory or URL of the pictures that watermark=name may name",
     set_watermarks},
    {"presets", "", "none", "a file with what preset=name stands for, one name=query a line",
     set_file<&Options::presets>},
    {"presets-only", "false", "", "requests may give preset and no other parameter",
     set_switch<&Options::presets_only>, true},
    {"strict-params", "false", "", "unknown parameters are refused, not ignored",
     set_switch<&Options::strict_params>, true},
    {"untrusted-formats", "", "none",
     "read these as well, whose readers are not made for strangers' files: svg, pdf, jxl",
     set_untrusted_formats},
    {"sandbox", "auto", "",
     "require: do not start where the kernel or the container refuses any of the sandbox of "
     "renderers",
     set_sandbox},
    {"avif-auto-max-mp", "2", "",
     "megapixels of a result up to which format=auto may choose AVIF, which is slow",
     set_avif_auto_max_mp},
    {"workers", "0", "", "renders at a time, each in a process of its own; 0: one more than cores",
     set_between<&Options::workers, 0, kMaxThreads>},
    {"render-memory", "0", "",
     "bytes of all renderers together, also as 2GiB; 0: half of the machine's or the cgroup's",
     set_size_or_none<&Options::render_memory>},
    {"render-recycle", "10000", "", "renders after which a renderer is replaced; 0: never",
     set_between<&Options::render_recycle, 0, std::numeric_limits<int>::max()>},
    {"negative-ttl", "10s", "",
     "time for which is refused what a renderer died of, or a server of originals does not have",
     set_time_or_none<&Options::negative_ttl>},
    {"io-threads", "0", "", "threads that serve connections; 0: one a core",
     set_between<&Options::io_threads, 0, kMaxThreads>},
    {"max-connections", "0", "", "connections at a time; 0: as many as there are descriptors for",
     set_between<&Options::max_connections, 0, kMaxConnections>},
    {"answer-bytes", "536870912", "",
     "bytes of answers that clients have not taken yet, also as 512MiB",
     set_size_above_none<&Options::answer_bytes>},
    {"queue", "256", "", "renders that may wait for a worker",
     set_between<&Options::queue, 0, kMaxQueue>},
    {"timeout", "10s", "", "time for one request", set_time<&Options::timeout>},
    {"peer-timeout", "", "60 % of the time left",
     "the longest silence of a peer that is fetched from",
     set_optional_time<&Options::peer_timeout>},
    {"drain", "5s", "", "once told to leave: time to go on serving while others take notice",
     set_time_or_none<&Options::drain>},
    {"max-age", "600", "", "seconds a client may keep an image",
     set_between<&Options::max_age, 0, std::numeric_limits<int>::max()>},
    {"log-level", "info", "", "trace, debug, info, warning, error, critical or off", set_log_level},
});

}  // namespace

std::span<const Flag> flags() { return kFlags; }

std::string usage(const CommandRow& row) {
  std::string text(row.name);
  return row.words.empty() ? text : text.append(" ").append(row.words);
}

std::string help_text() {
  std::string text =
      "Serves resized images over HTTP and shares its cache with its peers.\n\n"
      "Usage: imageserver [command] [flags]\n\n";
  for (const CommandRow& row : commands()) {
    text += "  " + usage(row) + "\n      " + std::string(row.help) + "\n";
  }
  text += "\n";
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
