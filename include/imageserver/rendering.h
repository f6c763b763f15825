// Where a server renders.

#ifndef IMAGESERVER_RENDERING_H_
#define IMAGESERVER_RENDERING_H_

#include <functional>
#include <memory>

#include "imageserver/error.h"

namespace imageserver {

// Both are opaque here.
class Renderer;
struct RenderTerms;

// Called once by a server that starts. The Error says why there is nothing to render with.
using MakeRenderer = std::function<Result<std::unique_ptr<Renderer>>(const RenderTerms&)>;

}  // namespace imageserver

#endif  // IMAGESERVER_RENDERING_H_
