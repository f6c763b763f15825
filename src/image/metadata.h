// What a result says beside its pixels: whose it is, and how an animation runs.

#ifndef IMAGESERVER_IMAGE_METADATA_H_
#define IMAGESERVER_IMAGE_METADATA_H_

#include <vips/vips8>

namespace imageserver {

[[nodiscard]] bool has_copyright(const vips::VImage& image);

// The picture with its copyright alone: no place, no preview, no profile, no orientation. With more
// than one frame (of equal height, one below the other) also the delays of those and the loop
// count.
[[nodiscard]] vips::VImage keep_essentials(const vips::VImage& image, int frames);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_METADATA_H_
