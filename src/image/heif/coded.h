// A picture as one of the two codecs has coded it: the part of a HEIF file that is no box.

#ifndef IMAGESERVER_IMAGE_HEIF_CODED_H_
#define IMAGESERVER_IMAGE_HEIF_CODED_H_

#include <optional>
#include <string>
#include <string_view>

#include "image/heif/planes.h"

namespace imageserver {

// What is known before the pixels are decoded.
struct CodedForm {
  int bits = 8;
  HeifChroma chroma = HeifChroma::kNone;
  HeifCoding coding;  // as far as the header of the stream says it

  friend bool operator==(const CodedForm&, const CodedForm&) = default;
};

// An item of a HEIF file that holds such a picture.
struct CodedItem {
  std::string_view configuration;  // the box `hvcC` of HEVC; AV1 needs none
  Size size;                       // that the file gives (the box `ispe`)
  int operating_point = 0;         // of AV1: which of several versions is meant
};

// Whatever the bytes say, no picture that is decoded is larger than item.size, but for what sticks
// out. None if the bytes say something else, or are damaged. Throws std::bad_alloc. Threads: any.

// AV1 (AV1 Bitstream & Decoding Process Specification; AV1 Image File Format). The picture has
// item.size. At most 16 frames are decoded.
[[nodiscard]] std::optional<CodedForm> av1_form(std::string_view stream);
[[nodiscard]] std::optional<HeifPlanes> decode_av1(const std::string& stream,
                                                   const CodedItem& item);

// HEVC (ITU-T H.265; ISO/IEC 14496-15, section 8.3). The picture is at least as large as item.size,
// by less than a block of the codec; what sticks out does not count. One picture is decoded, as
// hevc_units() picks it: of at most 64 slices, each of which takes no longer than a whole picture.
// Memory is taken for one picture, or for 33 if they have no more than 1024 x 1024 pixels each.
[[nodiscard]] std::optional<CodedForm> hevc_form(std::string_view stream,
                                                 std::string_view configuration);
[[nodiscard]] std::optional<HeifPlanes> decode_hevc(const std::string& stream,
                                                    const CodedItem& item);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_CODED_H_
