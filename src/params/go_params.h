// What the Go program knows of our parameters.

#ifndef IMAGESERVER_PARAMS_GO_PARAMS_H_
#define IMAGESERVER_PARAMS_GO_PARAMS_H_

#include "params/params.h"

namespace imageserver {

// Whether the map has only entries that pierrre/imageserver's groupcache example knows: `source`,
// `format` (jpeg, png or gif: it has no other encoders), `quality` (a number), and `gift_resize`
// with `width`, `height`, `mode` (fit or fill) and `resampling`. A Go node ignores every other name
// and fails at every other value: for such a map it answers with another picture, or with none.
// REQUIRES: validate(params) has nothing against it. Threads: any.
[[nodiscard]] bool has_only_go_params(const Params& params);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_GO_PARAMS_H_
