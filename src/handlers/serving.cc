#include "handlers/serving.h"

#include <algorithm>
#include <chrono>

namespace imageserver {
namespace {

constexpr std::string_view kField = "Cache-Status";

std::string_view status_of(const Serving& serving) {
  switch (serving.way) {
    case Serving::Way::kHit:
      return "imageserver; hit";
    case Serving::Way::kMiss:
      return "imageserver; fwd=uri-miss";
    case Serving::Way::kRenewed:
      return "imageserver; fwd=stale";
  }
  return "imageserver";
}

std::string max_age(int seconds) { return "public, max-age=" + std::to_string(seconds); }

}  // namespace

Serving serving_of(const Group::Looked& looked) {
  return {.way = Serving::Way::kHit, .stale_since = looked.stale_since};
}

Serving serving_after(bool was_cached, std::optional<milliseconds> fresh_for) {
  Serving serving{.way = was_cached ? Serving::Way::kRenewed : Serving::Way::kMiss};
  if (fresh_for && *fresh_for <= milliseconds(0)) serving.stale_since = milliseconds(0);
  return serving;
}

CacheControl::CacheControl(int max_age_seconds)
    : fresh_(max_age(max_age_seconds)), stale_(max_age(std::min(max_age_seconds, 1))) {}

void add_cache_status(Response& response, const Serving& serving) {
  if (!serving.stale_since) return response.add_field(kField, status_of(serving));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*serving.stale_since);
  response.add_field(kField,
                     std::string(status_of(serving)) + "; ttl=" + std::to_string(-seconds.count()));
}

}  // namespace imageserver
