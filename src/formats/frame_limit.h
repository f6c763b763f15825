// How many frames an animation may have. Threads: any.

#ifndef IMAGESERVER_FORMATS_FRAME_LIMIT_H_
#define IMAGESERVER_FORMATS_FRAME_LIMIT_H_

namespace imageserver {

// Readers keep something of each frame, and look for each from the first one on.
inline constexpr int kMostFrames = 10'000;

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_FRAME_LIMIT_H_
