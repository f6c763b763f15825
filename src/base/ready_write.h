// Writing to a descriptor whose reader may never read.

#ifndef IMAGESERVER_BASE_READY_WRITE_H_
#define IMAGESERVER_BASE_READY_WRITE_H_

#include <sys/types.h>

#include <string_view>

#include "base/clock.h"

namespace imageserver {

// Waits up to `most` until the descriptor takes something, and writes the beginning of `text`:
// PIPE_BUF bytes at most, for which a pipe that is ready has room, so that the write itself does
// not wait (pipe(7)). A file on a slow disk may hold it up all the same, and a pipe that another
// process fills in between. Leaves O_NONBLOCK as it is: other processes share it.
//
// How many bytes were written; 0 if there was no room in time; -1, with errno set, if it failed
// (and SIGPIPE, as of write(2), where a pipe has no reader). Threads: any. REQUIRES: `text` is not
// empty.
[[nodiscard]] ssize_t write_when_ready(int fd, std::string_view text, milliseconds most);

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_READY_WRITE_H_
