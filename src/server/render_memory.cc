#include "server/render_memory.h"

#include <algorithm>

#include "render/renderer.h"

namespace imageserver {
namespace {

// Of a job for which nobody is asked. The least is enough for a photograph of 12 megapixels whose
// decoder holds all of it; the most for nearly all that is asked for.
constexpr std::int64_t kLeastOwn = 64 << 20;
constexpr std::int64_t kMostOwn = 192 << 20;

}  // namespace

JobMemory share_out(std::int64_t total, std::size_t renderers) {
  const auto count = static_cast<std::int64_t>(renderers);
  const std::int64_t half_each = total / 2 / count;
  const std::int64_t own = std::clamp(half_each - kIdleRendererMemory, kLeastOwn, kMostOwn);
  return {.own = own,
          .shared = std::max<std::int64_t>(0, total - count * (kIdleRendererMemory + own))};
}

std::int64_t least_render_memory(std::size_t renderers) {
  return static_cast<std::int64_t>(renderers) * (kIdleRendererMemory + kLeastOwn);
}

}  // namespace imageserver
