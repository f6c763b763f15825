// What renderers have done, and what became of them: one row a counter.

#ifndef IMAGESERVER_RENDER_RENDERER_STATS_H_
#define IMAGESERVER_RENDER_RENDERER_STATS_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace imageserver {

// Since the server's start.
struct RendererStats {
  std::uint64_t renders = 0;
  std::uint64_t started = 0;
  std::uint64_t died = 0;
  std::uint64_t out_of_memory = 0;
  std::uint64_t late = 0;
  std::uint64_t left = 0;
  std::uint64_t recycled = 0;
};

struct RendererStatRow {
  std::string_view name;
  std::string_view help;  // one line of plain text; README's row is the same
  std::uint64_t RendererStats::* value;
};

inline constexpr auto kRendererStats = std::to_array<RendererStatRow>({
    {"Renders", "Jobs that a renderer was given: pictures and descriptions.",
     &RendererStats::renders},
    {"Started", "Renderers that were started.", &RendererStats::started},
    {"Died", "Renderers that died of a file, were killed by others, or said what is no answer.",
     &RendererStats::died},
    {"OutOfMemory", "Renderers that were replaced as a file took more memory than they have.",
     &RendererStats::out_of_memory},
    {"Late", "Renderers that were ended as a file took too much time.", &RendererStats::late},
    {"Left", "Renderers that were ended as nobody waited for their render any more.",
     &RendererStats::left},
    {"Recycled", "Renderers that were replaced after many renders, or with much memory.",
     &RendererStats::recycled},
});

static_assert(sizeof(RendererStats) == kRendererStats.size() * sizeof(std::uint64_t),
              "every counter has its row");

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_RENDERER_STATS_H_
