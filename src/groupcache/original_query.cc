#include "groupcache/original_query.h"

#include <memory>
#include <utility>
#include <variant>

#include "params/names.h"

namespace imageserver {

QueryPtr original_query(std::string name, Query::From from, Deadline deadline) {
  Params params;
  params.insert(std::string(names::kSource), name);
  TransformSpec spec;
  spec.source = std::move(name);
  std::string key = params.key();
  return std::make_shared<const Query>(Query{.key = std::move(key),
                                             .params = std::move(params),
                                             .spec = std::move(spec),
                                             .from = from,
                                             .of = Query::Of::kOriginal,
                                             .deadline = deadline});
}

std::optional<std::string> original_name(const Params& params) {
  if (params.entries().size() != 1 || params.entries().front().name != names::kSource) {
    return std::nullopt;
  }
  const auto* const name = std::get_if<std::string>(&params.entries().front().value);
  return name == nullptr ? std::nullopt : std::optional(*name);
}

}  // namespace imageserver
