// Finds the program that reads the untrusted formats. Threads: any.

#ifndef IMAGESERVER_SERVER_DRAW_PROGRAM_H_
#define IMAGESERVER_SERVER_DRAW_PROGRAM_H_

#include <string>

#include "imageserver/error.h"

namespace imageserver {

// The path of imageserver-draw: beside the program that is running, else where programs are
// installed. kNotFound if it is in neither place or cannot be run.
[[nodiscard]] Result<std::string> find_draw_program();

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_DRAW_PROGRAM_H_
