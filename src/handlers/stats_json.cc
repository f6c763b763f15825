#include "handlers/stats_json.h"

#include <nlohmann/json.hpp>
#include <span>

#include "groupcache/counter_table.h"

namespace imageserver {
namespace {

using Json = nlohmann::ordered_json;

template <class Owner>
Json to_json(const Owner& stats, std::span<const StatRow<Owner>> rows) {
  Json json;
  for (const auto& row : rows) json[std::string(row.name)] = stats.*row.value;
  return json;
}

}  // namespace

std::string stats_json(const Stats& stats) {
  const Json caches = {{"Main", to_json<CacheStats>(stats.main, kCacheStats)},
                       {"Hot", to_json<CacheStats>(stats.hot, kCacheStats)}};
  const Json json = {{"Group", to_json<GroupStats>(stats.group, kGroupStats)}, {"Caches", caches}};
  return json.dump(1, '\t') + '\n';
}

}  // namespace imageserver
