#include "handlers/fallbacks.h"

#include <memory>
#include <utility>

#include "params/names.h"
#include "params/validate.h"

namespace imageserver {
namespace {

bool is_of_original(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kForbidden:
    case ErrorKind::kNotFound:
    case ErrorKind::kUnprocessable:
    case ErrorKind::kDeadly:
    case ErrorKind::kNeedsMemory:
    case ErrorKind::kOrigin:
    case ErrorKind::kOriginLate:
      return true;
    default:
      return false;
  }
}

Params with_source(const Params& params, const std::string& source) {
  Params other;
  for (const ParamEntry& entry : params.entries()) {
    if (entry.name != names::kSource) other.insert(entry.name, entry.value);
  }
  other.insert(std::string(names::kSource), source);
  return other;
}

}  // namespace

QueryPtr fallback_query(const Fallbacks& fallbacks, const Query& failed, const Error& error) {
  if (!is_of_original(error.kind)) return nullptr;
  const auto found = fallbacks.sources.find(failed.spec.source);
  if (!found || found->value == failed.spec.source) return nullptr;
  Params params = with_source(failed.params, found->value);
  Result<TransformSpec> spec = validate(params);
  if (spec.has_error()) return nullptr;
  std::string key = params.key();
  return std::make_shared<const Query>(Query{.key = std::move(key),
                                             .params = std::move(params),
                                             .spec = *std::move(spec),
                                             .from = failed.from,
                                             .deadline = failed.deadline});
}

}  // namespace imageserver
