// What becomes of a server where the sandbox of its renderers is not whole.

#ifndef IMAGESERVER_SANDBOX_MODE_H_
#define IMAGESERVER_SANDBOX_MODE_H_

#include <cstdint>

namespace imageserver {

enum class SandboxMode : std::uint8_t {
  // What the kernel or the container refuses is said once in the log, and goes without.
  kAuto,

  // It does not start, and no renderer whose sandbox lacks anything gets a file.
  kRequire,
};

}  // namespace imageserver

#endif  // IMAGESERVER_SANDBOX_MODE_H_
