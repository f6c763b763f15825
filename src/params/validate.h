// The last step of a request: its Params become a TransformSpec. Threads: any.

#ifndef IMAGESERVER_PARAMS_VALIDATE_H_
#define IMAGESERVER_PARAMS_VALIDATE_H_

#include "imageserver/error.h"
#include "params/params.h"
#include "params/transform_spec.h"

namespace imageserver {

// kInvalidParam, naming the parameter and the rule, for anything that no picture could satisfy:
// negative or too large sizes, names outside their sets, control characters, unknown names and
// values of the wrong type (a peer's map may hold any). kNotFound, `no such picture`, where
// `source` can name none: it must be a relative path of 1 to 1024 bytes without NUL, backslash and
// empty, `.` or `..` components. It need not be UTF-8, as names of files are bytes. Never looks at
// the picture.
[[nodiscard]] Result<TransformSpec> validate(const Params& params);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_VALIDATE_H_
