// The pictures that come with the program.

#ifndef IMAGESERVER_SERVER_SAMPLE_IMAGES_H_
#define IMAGESERVER_SERVER_SAMPLE_IMAGES_H_

#include <filesystem>

namespace imageserver {

// Their directory, whichever folder the program was started from: beside the installed program if
// they are there, else in the source tree it was built from (and perhaps not there any more).
[[nodiscard]] std::filesystem::path sample_images();

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_SAMPLE_IMAGES_H_
