// Renders in processes of their own: what a server does unless there are none to be had.

#ifndef IMAGESERVER_IN_PROCESSES_H_
#define IMAGESERVER_IN_PROCESSES_H_

#include "imageserver/rendering.h"

namespace imageserver {

// Renders in processes, which run the program imageserver-render: it lies beside the program
// that is running, or where programs are installed. No picture can end this process. REQUIRES:
// SIGCHLD is not ignored.
[[nodiscard]] MakeRenderer in_processes();

}  // namespace imageserver

#endif  // IMAGESERVER_IN_PROCESSES_H_
