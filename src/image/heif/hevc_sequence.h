// What an HEVC stream announces of its pictures.

#ifndef IMAGESERVER_IMAGE_HEIF_HEVC_SEQUENCE_H_
#define IMAGESERVER_IMAGE_HEIF_HEVC_SEQUENCE_H_

#include <optional>
#include <string_view>

#include "formats/size.h"
#include "image/heif/planes.h"

namespace imageserver {

struct HevcSequence {
  Size size;          // with what the window of the set cuts off
  HeifCoding coding;  // of the set's VUI
};

// Reads a sequence parameter set (ITU-T H.265, sections 7.3.2.2 and E.2.1). None if it ends before
// the size, or that fits no int. The coding is not said if the set has none, or ends before.
// Threads: any.
[[nodiscard]] std::optional<HevcSequence> read_hevc_sequence(std::string_view unit);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_HEVC_SEQUENCE_H_
