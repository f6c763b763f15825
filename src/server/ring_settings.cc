#include "server/ring_settings.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>
#include <vector>

#include "formats/format.h"
#include "params/size_limits.h"
#include "peers/wire/settings.h"
#include "source/open_source.h"

namespace imageserver {
namespace {

// More files than these are not looked at: no directory of watermarks may hold up the start.
constexpr std::size_t kMostFiles = 10'000;

std::string line(const std::string& name, const std::string& value) {
  return name + " " + value + "\n";
}

std::string formats_of(const Options& options) {
  std::string text;
  for (const FormatRow& row : format_rows()) {
    const bool is_read = row.permission == nullptr || options.untrusted_formats.*row.permission;
    if (is_read) text += std::string(row.name) + "\n";
  }
  return text;
}

std::string limits_of(const Options& options) {
  return line("source-bytes", std::to_string(kMaxSourceBytes)) +
         line("source-max-bytes", std::to_string(options.source_max_bytes)) +
         line("side", std::to_string(kMaxOutputSide)) +
         line("pixels", std::to_string(kMaxOutputPixels)) +
         line("avif-auto-max-mp", std::to_string(options.avif_auto_max_mp));
}

std::string presets_of(const Options& options, const Resources& resources) {
  std::string text = line("presets-only", options.presets_only ? "true" : "false") +
                     line("strict-params", options.strict_params ? "true" : "false");
  if (!resources.presets) return text;
  for (const auto& [name, query] : resources.presets->presets()->queries()) {
    text += line(name, query);
  }
  return text;
}

// In the order of the prefixes.
std::string sources_of(const Options& options) {
  std::map<std::string, std::string> places;
  for (const PrefixRule& rule : options.sources) {
    places.emplace(rule.prefix, source_setting(rule.value));
  }
  if (places.empty()) places.emplace("/", source_setting(""));
  std::string text;
  for (const auto& [prefix, place] : places) text += line(prefix, place);
  return text;
}

std::string fallbacks_of(const Options& options) {
  std::map<std::string, std::string> paths;
  for (const PrefixRule& rule : options.fallbacks) paths.emplace(rule.prefix, rule.value);
  std::string text = line("status", std::to_string(options.fallback_status));
  for (const auto& [prefix, path] : paths) text += line(prefix, path);
  return text;
}

std::string watermarks_of(const Options& options) {
  if (options.watermarks.empty()) return {};
  if (is_remote(options.watermarks)) return line("watermarks", source_setting(options.watermarks));
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<std::string> files;
  const fs::path root = options.watermarks;
  for (fs::recursive_directory_iterator file(root, error), end;
       !error && file != end && files.size() < kMostFiles; file.increment(error)) {
    std::error_code no_file;
    const auto size = file->file_size(no_file);
    if (!no_file) {
      files.push_back(line(file->path().lexically_relative(root).string(), std::to_string(size)));
    }
  }
  std::ranges::sort(files);
  std::string text = "watermarks\n";
  for (const std::string& file : files) text += file;
  return text;
}

}  // namespace

std::string ring_settings(const Options& options, const Resources& resources) {
  return settings_text({{"fallbacks", fallbacks_of(options)},
                        {"formats", formats_of(options)},
                        {"limits", limits_of(options)},
                        {"presets", presets_of(options, resources)},
                        {"sources", sources_of(options)},
                        {"watermarks", watermarks_of(options)}});
}

}  // namespace imageserver
