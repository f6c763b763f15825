#include "server/resources.h"

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "peers/signature_gate.h"
#include "server/sample_images.h"
#include "source/prefixed_sources.h"

namespace imageserver {
namespace {

// Sets `what` to the opened value. None, or the error, which then names the flag.
template <class T>
std::optional<Error> take(Result<T> opened, const std::string& flag, T& what) {
  if (opened.has_error()) return Error{opened.error().kind, flag + ": " + opened.error().message};
  what = *std::move(opened);
  return std::nullopt;
}

std::optional<Error> open_directory(const std::filesystem::path& path, const std::string& flag,
                                    std::unique_ptr<Source>& source) {
  return take(open_directory_source(path), flag + ": " + path.string(), source);
}

std::vector<PrefixRule> source_rules(const Options& options) {
  if (!options.sources.empty()) return options.sources;
  return {PrefixRule{.value = sample_images()}};
}

std::optional<Error> open_sources(const Options& options, std::unique_ptr<Source>& source) {
  std::vector<PrefixedSources::Places::Entry> places;
  for (const PrefixRule& rule : source_rules(options)) {
    places.emplace_back(rule.prefix, nullptr);
    auto error = open_directory(rule.value, "--source", places.back().second);
    if (error) return error;
  }
  source = std::make_unique<PrefixedSources>(PrefixedSources::Places(std::move(places)));
  return std::nullopt;
}

}  // namespace

Result<Resources> open_resources(const Options& options) {
  Resources all;
  auto error = open_sources(options, all.source);
  if (!error && !options.watermarks.empty()) {
    error = open_directory(options.watermarks, "--watermarks", all.watermarks);
  }
  if (!error && !options.presets.empty()) {
    error = take(PresetFile::open(options.presets), "--presets", all.presets);
  }
  if (!error && !options.groupcache_secret_file.empty()) {
    error =
        take(read_secret(options.groupcache_secret_file), "--groupcache-secret-file", all.secret);
  }
  if (error) return *std::move(error);
  return all;
}

}  // namespace imageserver
