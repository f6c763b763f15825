// What an original is, as `/info/` tells it.

#ifndef IMAGESERVER_IMAGE_PLAN_DESCRIPTION_H_
#define IMAGESERVER_IMAGE_PLAN_DESCRIPTION_H_

#include <cstdint>
#include <string>

#include "image/plan/header.h"
#include "params/transform_spec.h"

namespace imageserver {

struct Description {
  Header header;
  std::uint64_t bytes = 0;
  std::string profile;  // the colour profile's own name for itself; empty if there is none
  Colour dominant;      // dominant_colour
  std::string blurhash;

  friend bool operator==(const Description&, const Description&) = default;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_DESCRIPTION_H_
