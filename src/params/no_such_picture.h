// The answer wherever the path of a picture leads to none. Threads: any.

#ifndef IMAGESERVER_PARAMS_NO_SUCH_PICTURE_H_
#define IMAGESERVER_PARAMS_NO_SUCH_PICTURE_H_

#include <string>
#include <string_view>

#include "imageserver/error.h"

namespace imageserver {

inline constexpr std::string_view kNoSuchPicture = "no such picture";

[[nodiscard]] inline Error no_such_picture() {
  return {ErrorKind::kNotFound, std::string(kNoSuchPicture)};
}

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_NO_SUCH_PICTURE_H_
