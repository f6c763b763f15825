// Chooses the frames of an animation, or the page of a document, that a request is about. Threads:
// any.

#ifndef IMAGESERVER_IMAGE_PLAN_PAGES_H_
#define IMAGESERVER_IMAGE_PLAN_PAGES_H_

#include "formats/image.h"
#include "image/plan/header.h"
#include "image/plan/limits.h"
#include "imageserver/error.h"
#include "params/transform_spec.h"

namespace imageserver {

struct PageChoice {
  Pages pages;
  Frames frames;  // `read` is pages.count; `total` the number asked for
};

// One page. But if the source is an animation and the result can be one: from `page` on as many
// frames as `frames` says and the limit allows. kInvalidParam if there is no such page, or if the
// frames of an animation before it are so many that decoding them would take too long.
[[nodiscard]] Result<PageChoice> choose_pages(const TransformSpec& spec, const Header& header,
                                              const ImageLimits& limits);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_PAGES_H_
