// What a renderer says of its sandbox before it does anything else.

#ifndef IMAGESERVER_RENDER_WIRE_SANDBOX_REPORT_H_
#define IMAGESERVER_RENDER_WIRE_SANDBOX_REPORT_H_

#include <cstdint>

namespace imageserver {

// Of each part 0 if it holds, else the errno with which the kernel refused it.
struct SandboxReport {
  std::int32_t files = 0;         // Landlock
  std::int32_t system_calls = 0;  // the filter of seccomp

  friend bool operator==(const SandboxReport&, const SandboxReport&) = default;
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_WIRE_SANDBOX_REPORT_H_
