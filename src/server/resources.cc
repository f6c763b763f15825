#include "server/resources.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "peers/signature_gate.h"
#include "server/sample_images.h"
#include "source/ca_file.h"
#include "source/http_terms.h"
#include "source/open_source.h"
#include "source/origin_headers.h"

namespace imageserver {
namespace {

// Stands in front of the canonical names of watermarks that lie in a directory.
constexpr std::string_view kWatermarkLabel = "/watermarks/";

// Sets `what` to the opened value. None, or the error, which then names the flag.
template <class T>
std::optional<Error> take(Result<T> opened, const std::string& flag, T& what) {
  if (opened.has_error()) return Error{opened.error().kind, flag + ": " + opened.error().message};
  what = *std::move(opened);
  return std::nullopt;
}

// A URL that is wrong may hold a password.
std::string shown(const PrefixRule& rule) {
  return is_remote(rule.value) ? rule.prefix : rule.value;
}

std::vector<PrefixRule> source_rules(const Options& options) {
  if (!options.sources.empty()) return options.sources;
  return {PrefixRule{.prefix = "/", .value = sample_images()}};
}

// The one and only fetcher, which is made when it is needed first.
HttpFetcher& fetcher_of(Resources& all, const HttpTerms& terms, IoPool& pool) {
  if (!all.fetcher) all.fetcher = std::make_unique<HttpFetcher>(pool, terms);
  return *all.fetcher;
}

// What is cached may have a third of its size as spare memory (BodyBuffer).
std::size_t most_original_bytes(const Options& options) {
  constexpr std::int64_t kMost = std::int64_t{1} << 50;
  const std::int64_t cache = std::min(options.source_cache, kMost);
  return static_cast<std::size_t>(cache + cache / 3 + std::min(options.source_bytes, kMost));
}

Result<HttpTerms> http_terms(const Options& options) {
  Result<AddressRules> addresses = AddressRules::parse(options.source_allow_private);
  if (addresses.has_error()) {
    return Error{ErrorKind::kInvalidParam, "--source-allow-private: " + addresses.error().message};
  }
  if (!options.source_ca.empty()) {
    if (auto error = check_ca_file(options.source_ca)) {
      return Error{error->kind, "--source-ca: " + error->message};
    }
  }
  HttpTerms terms;
  terms.addresses = *std::move(addresses);
  terms.ca_file = options.source_ca;
  terms.connect = options.source_connect_timeout;
  terms.first_byte = options.source_first_byte_timeout;
  terms.whole = options.source_timeout;
  terms.most_bytes = static_cast<std::size_t>(options.source_max_bytes);
  terms.limits.at_once = static_cast<std::size_t>(options.source_connections);
  return terms;
}

std::vector<std::string> fields_of(const OriginHeaders& headers, const std::string& prefix) {
  const auto found = headers.find(prefix);
  return found == headers.end() ? std::vector<std::string>() : found->second;
}

// Two prefixes with one URL have the same originals, and those are asked for in one way.
std::optional<Error> refuse_two_minds(const std::vector<PrefixRule>& sources,
                                      const OriginHeaders& headers) {
  std::map<std::string, std::string> prefixes;  // by what stands behind them
  for (const PrefixRule& rule : sources) {
    if (!is_remote(rule.value)) continue;
    const auto [first, is_new] = prefixes.emplace(source_setting(rule.value), rule.prefix);
    if (is_new || fields_of(headers, first->second) == fields_of(headers, rule.prefix)) continue;
    return Error{ErrorKind::kInvalidParam, "--source-header-file: " + first->second + " and " +
                                               rule.prefix +
                                               " are one URL, and need the same fields"};
  }
  return std::nullopt;
}

std::optional<Error> read_headers(const Options& options, OriginHeaders& headers) {
  const std::string& file = options.source_header_file;
  if (file.empty()) return std::nullopt;
  auto error = take(read_origin_headers(file), "--source-header-file", headers);
  if (error) return error;
  for (const auto& [prefix, lines] : headers) {
    if (std::ranges::find(options.sources, prefix, &PrefixRule::prefix) == options.sources.end()) {
      return Error{ErrorKind::kInvalidParam,
                   "--source-header-file: there is no --source for " + prefix};
    }
  }
  return refuse_two_minds(options.sources, headers);
}

std::optional<Error> open_sources(const Options& options, SourceMeans means,
                                  const OriginHeaders& headers, std::unique_ptr<Sources>& sources) {
  Sources::Places places;
  for (const PrefixRule& rule : source_rules(options)) {
    means.fields = fields_of(headers, rule.prefix);
    places.emplace_back(rule.prefix, nullptr);
    auto error =
        take(open_source(rule.value, means), "--source: " + shown(rule), places.back().second);
    if (error) return error;
  }
  sources = std::make_unique<Sources>(std::move(places));
  return std::nullopt;
}

std::optional<Error> open_watermarks(const Options& options, const SourceMeans& means,
                                     std::unique_ptr<Sources>& watermarks) {
  const std::string& place = options.watermarks;
  if (place.empty()) return std::nullopt;
  Sources::Places places;
  places.emplace_back("/", nullptr);
  auto error =
      take(open_source(place, means), is_remote(place) ? "--watermarks" : "--watermarks: " + place,
           places.back().second);
  if (!error)
    watermarks = std::make_unique<Sources>(std::move(places), std::string(kWatermarkLabel));
  return error;
}

std::optional<Error> open_places(const Options& options, IoPool& pool, Resources& all) {
  Result<HttpTerms> terms = http_terms(options);
  if (terms.has_error()) return terms.error();
  all.original_bytes = std::make_shared<ByteBudget>(most_original_bytes(options));
  terms->budget = all.original_bytes;
  OriginHeaders headers;
  if (auto error = read_headers(options, headers)) return error;
  const SourceMeans means{
      .fetcher = [&]() -> HttpFetcher& { return fetcher_of(all, *terms, pool); }};
  if (auto error = open_sources(options, means, headers, all.sources)) return error;
  return open_watermarks(options, means, all.watermarks);
}

}  // namespace

Result<Resources> open_resources(const Options& options, IoPool& pool) {
  Resources all;
  auto error = open_places(options, pool, all);
  if (!error && !options.presets.empty()) {
    error = take(PresetFile::open(options.presets), "--presets", all.presets);
  }
  if (!error && !options.groupcache_secret_file.empty()) {
    error =
        take(read_secret(options.groupcache_secret_file), "--groupcache-secret-file", all.secret);
  }
  if (!error && !options.purge_token_file.empty()) {
    error = take(read_secret(options.purge_token_file), "--purge-token-file", all.purge_token);
  }
  if (error) return *std::move(error);
  return all;
}

}  // namespace imageserver
