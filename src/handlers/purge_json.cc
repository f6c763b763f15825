#include "handlers/purge_json.h"

#include <nlohmann/json.hpp>

namespace imageserver {
namespace {

using Json = nlohmann::ordered_json;

Json nodes_json(const PurgeReport& report) {
  Json nodes = Json::array();
  for (const std::string& node : report.done) {
    nodes.push_back({{"node", node}, {"purged", true}});
  }
  for (const PurgeReport::Missed& missed : report.missed) {
    nodes.push_back({{"node", missed.node}, {"purged", false}, {"reason", missed.reason}});
  }
  return nodes;
}

}  // namespace

std::string purge_json(const PurgeReport& report) {
  constexpr int kOneLine = -1;
  Json json = {{"id", report.id}, {"nodes", nodes_json(report)}};
  if (!report.note.empty()) json["note"] = report.note;
  return json.dump(kOneLine, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace imageserver
