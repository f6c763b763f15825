// The pictures that come with the program. Threads: any.

#ifndef IMAGESERVER_SERVER_SAMPLE_IMAGES_H_
#define IMAGESERVER_SERVER_SAMPLE_IMAGES_H_

#include <filesystem>

namespace imageserver {

// The directory of the sample images. The program lies in a folder `bin`, and they lie in the
// folder `share` beside it, in the build tree as in an installed copy. If they are not there (the
// server is embedded in another program), the place where they are installed: they may be missing
// there too.
[[nodiscard]] std::filesystem::path sample_images();

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_SAMPLE_IMAGES_H_
