#include "render/renderer.h"

namespace imageserver {

Renderer::~Renderer() = default;

RendererStats Renderer::stats() const { return {}; }

void Renderer::thread_exit() {}

}  // namespace imageserver
