// Crops, as requests and as maps write them. Threads: free functions, callable from any.

#ifndef IMAGESERVER_PARAMS_CROP_H_
#define IMAGESERVER_PARAMS_CROP_H_

#include <optional>
#include <string_view>

#include "params/params.h"
#include "params/transform_spec.h"

namespace imageserver {

// The map of `min_x,min_y|max_x,max_y`; none if the text is not four integers.
[[nodiscard]] std::optional<Params> parse_crop(std::string_view text);

// The box of such a map; none if it is not four integers of 32 bits, each maximum above its
// minimum.
[[nodiscard]] std::optional<CropBox> crop_box(const Params& map);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_CROP_H_
