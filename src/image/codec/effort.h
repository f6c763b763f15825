// How hard encoders try: a compromise between time and size.

#ifndef IMAGESERVER_IMAGE_CODEC_EFFORT_H_
#define IMAGESERVER_IMAGE_CODEC_EFFORT_H_

namespace imageserver {

// WebP's encoder takes 0 (fast) to 6 (small).
inline constexpr int kWebpEffort = 4;

// The least that AVIF's encoder takes and that is still fast enough.
inline constexpr int kAvifEffort = 1;

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_EFFORT_H_
