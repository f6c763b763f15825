// Keeps or removes the metadata of a picture: copyright, and how an animation runs.

#ifndef IMAGESERVER_IMAGE_CODEC_METADATA_H_
#define IMAGESERVER_IMAGE_CODEC_METADATA_H_

#include <optional>
#include <vips/vips8>

#include "image/plan/header.h"

namespace imageserver {

// Whether there is EXIF, XMP or IPTC, which a saver would write beside the pixels.
[[nodiscard]] bool has_metadata(const vips::VImage& image);

[[nodiscard]] bool has_copyright(const vips::VImage& image);

// The picture with its copyright alone: no place, no preview, no profile, no orientation. With
// `strip` true not even that, with false all but the preview, the profile and the orientation,
// which would be wrong. With more than one frame (of equal height, one below the other) also the
// loop count and the delays of those from `pages.first` on.
[[nodiscard]] vips::VImage strip_metadata(const vips::VImage& image, const Pages& pages,
                                          std::optional<bool> strip);

// The pixels of one picture with all fields of another. Throws vips::VError.
[[nodiscard]] vips::VImage with_metadata_of(const vips::VImage& pixels, const vips::VImage& from);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_METADATA_H_
