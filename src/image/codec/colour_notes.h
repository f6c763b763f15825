// Notes on a picture what the chunks of its file say of its colours. Threads: any, each with
// pictures of its own.

#ifndef IMAGESERVER_IMAGE_CODEC_COLOUR_NOTES_H_
#define IMAGESERVER_IMAGE_CODEC_COLOUR_NOTES_H_

#include <vips/vips8>

#include "formats/png_chunks.h"

namespace imageserver {

// In the order of the PNG specification (third edition, 4.3): cICP counts before the profile, which
// counts before sRGB, which counts before gAMA and cHRM.
//
// As browsers do it: a cICP that has a matrix, a narrow range or code points that are not known is
// left out; one with a curve of video cameras is shown by BT.1886; cHRM counts only beside gAMA.
[[nodiscard]] vips::VImage with_notes(const vips::VImage& image, const PngColour& colour);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_COLOUR_NOTES_H_
