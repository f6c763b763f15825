// The colour space of a picture by code points (ITU-T H.273). HEIF files give it as nclx, PNG as
// cICP.

#ifndef IMAGESERVER_IMAGE_COLOUR_CICP_H_
#define IMAGESERVER_IMAGE_COLOUR_CICP_H_

#include <optional>
#include <vips/vips8>

namespace imageserver {

struct Cicp {
  int primaries = 1;  // ColourPrimaries; 1: BT.709, those of sRGB
  int transfer = 13;  // TransferCharacteristics; 13: sRGB

  bool operator==(const Cicp&) const = default;
};

// The picture with a note of the space that its pixels are in. Threads: any. The same holds for
// everything below.
[[nodiscard]] vips::VImage with_cicp(const vips::VImage& image, Cicp cicp);

// None if no such note is on the picture.
[[nodiscard]] std::optional<Cicp> cicp_of(const vips::VImage& image);

[[nodiscard]] vips::VImage without_cicp(const vips::VImage& image);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_CICP_H_
