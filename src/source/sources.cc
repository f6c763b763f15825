#include "source/sources.h"

#include <algorithm>

namespace imageserver {

Sources::Sources(Places places) {
  for (const auto& [prefix, source] : places) all_.push_back(source.get());
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
  if (!located || located->source->blocks()) return std::string(path);
  return std::move(located->name);
}

}  // namespace imageserver
