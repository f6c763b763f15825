// Keeps or removes the metadata of a picture. Threads: any,
// each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_CODEC_METADATA_H_
#define IMAGESERVER_IMAGE_CODEC_METADATA_H_

#include <optional>
#include <vips/vips8>

#include "image/plan/header.h"

namespace imageserver {

// Whether there is EXIF, XMP or IPTC, which a saver would write beside the pixels.
[[nodiscard]] bool has_metadata(const vips::VImage& image);

[[nodiscard]] bool has_copyright(const vips::VImage& image);

// The picture with less metadata. With `strip` unset the copyright alone stays. With `strip` true
// nothing stays. With `strip` false everything stays but the preview, the orientation, and what
// describes the colours of the original, which would be wrong: EXIF that stays says sRGB, and XMP
// that the picture is upright. An animation (more than one frame of equal height, one below the
// other) always keeps its loop count, and the delays of its frames from `pages.first` on.
[[nodiscard]] vips::VImage strip_metadata(const vips::VImage& image, const Pages& pages,
                                          std::optional<bool> strip);

// The pixels of `pixels` with all metadata of `from`. Throws vips::VError.
[[nodiscard]] vips::VImage with_metadata_of(const vips::VImage& pixels, const vips::VImage& from);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_METADATA_H_
