#include "handlers/stats_json.h"

#include <nlohmann/json.hpp>

namespace imageserver {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const GroupStats& stats) {
  return {{"Gets", stats.gets},
          {"CacheHits", stats.cache_hits},
          {"PeerLoads", stats.peer_loads},
          {"PeerErrors", stats.peer_errors},
          {"Loads", stats.loads},
          {"LoadsDeduped", stats.loads_deduped},
          {"LocalLoads", stats.local_loads},
          {"LocalLoadErrs", stats.local_load_errs},
          {"ServerRequests", stats.server_requests}};
}

Json to_json(const CacheStats& stats) {
  return {{"Bytes", stats.bytes},
          {"Items", stats.items},
          {"Gets", stats.gets},
          {"Hits", stats.hits},
          {"Evictions", stats.evictions}};
}

}  // namespace

std::string stats_json(const Stats& stats) {
  const Json caches = {{"Main", to_json(stats.main)}, {"Hot", to_json(stats.hot)}};
  const Json json = {{"Group", to_json(stats.group)}, {"Caches", caches}};
  return json.dump(1, '\t') + '\n';
}

}  // namespace imageserver
