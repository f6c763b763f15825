// The sets of other pictures that the pictures of an HEVC stream may refer to.

#ifndef IMAGESERVER_IMAGE_HEIF_HEVC_REFERENCES_H_
#define IMAGESERVER_IMAGE_HEIF_HEVC_REFERENCES_H_

#include "image/heif/hevc_bits.h"

namespace imageserver {

// Passes over the sets of a sequence parameter set (ITU-T H.265, section 7.3.7), with their number.
// False if there are more sets, or pictures in one, than HEVC allows; what follows is then not
// found. Threads: any.
[[nodiscard]] bool skip_hevc_references(HevcBits& bits);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_HEVC_REFERENCES_H_
