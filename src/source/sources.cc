#include "source/sources.h"

#include <algorithm>
#include <utility>

namespace imageserver {
namespace {

// Whether the path is that folder, or lies below it. All lies below the empty one.
bool is_within(std::string_view path, std::string_view folder) {
  if (folder.empty() || path == folder) return true;
  return path.starts_with(folder) && path[folder.size()] == '/';
}

}  // namespace

Sources::Sources(Places places, std::string label) : label_(std::move(label)) {
  for (const auto& [prefix, source] : places) {
    all_.push_back(source.get());
    if (!source->blocks()) servers_.emplace_back(prefix.substr(1), source.get());
  }
  places_ = PrefixMap<std::unique_ptr<Source>>(std::move(places));
}

std::optional<Sources::Located> Sources::locate(std::string_view path) const {
  const auto place = places_.find(path);
  if (!place) return std::nullopt;
  std::optional<std::string> name = place->value->name_of(place->rest);
  if (!name) return std::nullopt;
  return Located{place->value.get(), *std::move(name)};
}

std::optional<Sources::Located> Sources::locate_name(std::string_view name) const {
  const auto fits = [&](const Source* one) { return one->fits(name); };
  const auto best = std::ranges::max_element(all_, {}, fits);
  if (best == all_.end() || fits(*best) == 0) return std::nullopt;
  return Located{*best, std::string(name)};
}

std::string Sources::canonical_name(std::string_view path) const {
  std::optional<Located> located = locate(path);
  if (!located || located->source->blocks()) return label_ + std::string(path);
  return std::move(located->name);
}

std::vector<std::string> Sources::canonical_beginnings(std::string_view folder) const {
  if (folder.empty()) return {};
  std::vector<std::string> beginnings = {label_ + std::string(folder)};
  for (const auto& [prefix, server] : servers_) {
    if (is_within(prefix, folder)) {
      if (auto all = server->beginning_of("")) beginnings.push_back(*std::move(all));
    } else if (is_within(folder, prefix)) {
      const std::size_t behind = prefix.empty() ? 0 : prefix.size() + 1;
      if (auto part = server->beginning_of(folder.substr(behind))) {
        beginnings.push_back(*std::move(part));
      }
    }
  }
  return beginnings;
}

std::optional<Sources::Located> Sources::locate_canonical(std::string_view name) const {
  if (std::optional<Located> remote = locate_name(name)) return remote;
  const bool is_labelled = name.starts_with('/');
  if (is_labelled == label_.empty() || !name.starts_with(label_)) return std::nullopt;
  std::optional<Located> located = locate(name.substr(label_.size()));
  return located && located->source->blocks() ? located : std::nullopt;
}

}  // namespace imageserver
