#include "base/standard_descriptors.h"

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

namespace imageserver {

bool open_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest number that is free, which is this one. Children inherit it, as they do others.
    if (open("/dev/null", O_RDWR) != fd) return false;
  }
  return true;
}

}  // namespace imageserver
