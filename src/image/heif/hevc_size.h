// The size that an HEVC stream announces.

#ifndef IMAGESERVER_IMAGE_HEIF_HEVC_SIZE_H_
#define IMAGESERVER_IMAGE_HEIF_HEVC_SIZE_H_

#include <optional>
#include <string_view>

#include "formats/size.h"

namespace imageserver {

// The size of pictures in a sequence parameter set (ITU-T H.265, section 7.3.2.2), with what its
// window cuts off. None if it ends early or the size fits no int. Threads: any.
[[nodiscard]] std::optional<Size> hevc_size(std::string_view unit);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_HEVC_SIZE_H_
