#include "server/renderers_json.h"

#include <nlohmann/json.hpp>

namespace imageserver {

std::string renderers_json(const RendererStats& stats) {
  nlohmann::ordered_json json;
  for (const RendererStatRow& row : kRendererStats) json[std::string(row.name)] = stats.*row.value;
  return json.dump(1, '\t') + '\n';
}

}  // namespace imageserver
