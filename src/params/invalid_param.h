// The one wording of kInvalidParam. Threads: any.

#ifndef IMAGESERVER_PARAMS_INVALID_PARAM_H_
#define IMAGESERVER_PARAMS_INVALID_PARAM_H_

#include <string_view>

#include "imageserver/error.h"

namespace imageserver {

// `invalid param "name": rule`. The name may come from a hostile peer: what is not
// printable ASCII shows as `?`, and a long one is cut.
[[nodiscard]] Error invalid_param(std::string_view name, std::string_view rule);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_INVALID_PARAM_H_
