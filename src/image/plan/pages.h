// Which frames of an animation, or pages of a document, a request is about.

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
  Frames frames;  // `read` is pages.count; `total` what was asked for
};

// One page unless an animation is asked to stay one: then from `page` on as many as `frames` says
// and the limit allows. kInvalidParam if there is no such page, or so much of an animation
// stands before it that looking for it would take long.
[[nodiscard]] Result<PageChoice> choose_pages(const TransformSpec& spec, const Header& header,
                                              const ImageLimits& limits);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_PAGES_H_
