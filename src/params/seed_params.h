// What the Go program knows of our parameters.

#ifndef IMAGESERVER_PARAMS_SEED_PARAMS_H_
#define IMAGESERVER_PARAMS_SEED_PARAMS_H_

#include "imageserver/params.h"

namespace imageserver {

// Whether the map has only entries that pierrre/imageserver's groupcache example knows: `source`,
// `format`, `quality`, and `gift_resize` with `width`, `height`, `mode` and `resampling`. It
// ignores all others, so that what it answers for a map with one is another picture. Threads: any.
[[nodiscard]] bool has_only_seed_params(const Params& params);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_SEED_PARAMS_H_
