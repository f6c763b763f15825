#include "render/renderer.h"

namespace imageserver {

Renderer::~Renderer() = default;

void Renderer::thread_exit() {}

}  // namespace imageserver
