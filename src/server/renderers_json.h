// The body of `/renderers`.

#ifndef IMAGESERVER_SERVER_RENDERERS_JSON_H_
#define IMAGESERVER_SERVER_RENDERERS_JSON_H_

#include <string>

#include "render/renderer_stats.h"

namespace imageserver {

// The counters, in the order of their table. Threads: any.
[[nodiscard]] std::string renderers_json(const RendererStats& stats);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_RENDERERS_JSON_H_
