// The limits that a process sets itself before it reads a file that it does not trust.

#ifndef IMAGESERVER_RENDER_SERVICE_CONFINE_H_
#define IMAGESERVER_RENDER_SERVICE_CONFINE_H_

#include <cstdint>

namespace imageserver {

// kOnce is for files of untrusted formats.
enum class Confinement : std::uint8_t { kLasting, kOnce };

// From now on this process has 64 descriptors, and cannot write a file, leave a core, gain
// privileges or outlive its parent. One of kOnce has 1 GiB of addresses and 5 seconds of processor
// time as well: what its server does not see ends there. Throws std::runtime_error if a limit
// cannot be set. Threads: called once, before there are others.
void confine_process(Confinement confinement);

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_SERVICE_CONFINE_H_
