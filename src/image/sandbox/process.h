// Another program that works on a file for us, and can be ended at any time.

#ifndef IMAGESERVER_IMAGE_SANDBOX_PROCESS_H_
#define IMAGESERVER_IMAGE_SANDBOX_PROCESS_H_

#include <sys/types.h>

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "imageserver/error.h"

namespace imageserver {

// Its standard input is the file, its standard output is ours to read; beyond these it has none of
// our descriptors, nothing of our environment, and no place to complain. When this is gone, so is
// the process, whatever it was at.
//
// Threads: one at a time for each; any number of processes. REQUIRES: nobody else in this program
// waits for children it does not know.
class SandboxProcess {
 public:
  // Does not wait for the program to do anything. kInternal if it cannot be started, which is
  // logged where the last such failure was another.
  [[nodiscard]] static Result<SandboxProcess> start(const std::string& program,
                                                    const std::vector<std::string>& arguments,
                                                    std::string_view input);
  ~SandboxProcess();

  SandboxProcess(SandboxProcess&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), output_(std::move(other.output_)) {}
  SandboxProcess& operator=(SandboxProcess&&) = delete;

  // Fills the buffer from what the program writes. kUnprocessable if that ends before; kCancelled
  // soon after `stop` is requested.
  [[nodiscard]] Result<void> read(std::span<char> buffer, const std::stop_token& stop) const;

 private:
  SandboxProcess(pid_t pid, UniqueFd output) : pid_(pid), output_(std::move(output)) {}

  pid_t pid_;
  UniqueFd output_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_SANDBOX_PROCESS_H_
