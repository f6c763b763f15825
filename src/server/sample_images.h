// The pictures that come with the program.

#ifndef IMAGESERVER_SERVER_SAMPLE_IMAGES_H_
#define IMAGESERVER_SERVER_SAMPLE_IMAGES_H_

#include <filesystem>

namespace imageserver {

// Their directory, whichever folder the program was started from. The program lies in `bin`, they
// lie in `share` beside it, in the build tree as in an installed copy. Without them there (the
// server is embedded in another program): the place of installation, where they may be missing too.
[[nodiscard]] std::filesystem::path sample_images();

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_SAMPLE_IMAGES_H_
