// The limits that a process sets itself before it reads a file that it does not trust.

#ifndef IMAGESERVER_IMAGE_SANDBOX_CONFINE_H_
#define IMAGESERVER_IMAGE_SANDBOX_CONFINE_H_

#include <cstdint>

namespace imageserver {

// Sanitizers need more addresses than any limit would leave.
enum class Addresses : std::uint8_t { kLimited, kUnlimited };

// From now on this process has so many seconds of processor time, 1 GiB of addresses, 64
// descriptors, and cannot write a file, leave a core, gain privileges or outlive its parent. Throws
// std::runtime_error if a limit cannot be set. Threads: called once, before there are others.
void confine_process(int cpu_seconds, Addresses addresses);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_SANDBOX_CONFINE_H_
