// What libvips is asked to do, counted at its door.

#ifndef IMAGESERVER_TESTS_SUPPORT_OPERATIONS_H_
#define IMAGESERVER_TESTS_SUPPORT_OPERATIONS_H_

#include <string_view>

namespace imageserver {

// How many operations were begun, in the whole process so far, whose names end like that:
// "save_buffer", "jpegload_buffer".
[[nodiscard]] int operations_begun(std::string_view ending);

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_SUPPORT_OPERATIONS_H_
