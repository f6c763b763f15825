// The profile that a picture carries.

#ifndef IMAGESERVER_IMAGE_COLOUR_FITTING_PROFILE_H_
#define IMAGESERVER_IMAGE_COLOUR_FITTING_PROFILE_H_

#include <string_view>
#include <vips/vips8>

namespace imageserver {

// Empty if there is none, or it is for pictures of another kind: a profile of greys for one in
// colour, one that leads from device to device, one of named colours. Threads: any. REQUIRES: the
// image outlives it.
[[nodiscard]] std::string_view fitting_profile(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_FITTING_PROFILE_H_
