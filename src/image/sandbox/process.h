// Another program that works on a file for us, and can be ended at any time.

#ifndef IMAGESERVER_IMAGE_SANDBOX_PROCESS_H_
#define IMAGESERVER_IMAGE_SANDBOX_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "imageserver/error.h"

namespace imageserver {

// A process that runs another program. Its standard input is the file; its standard output is read
// by read(); its standard error is thrown away. It has no other descriptor of ours, and nothing of
// our environment. The destructor kills the process if it still runs, and waits for its end.
//
// Threads: one at a time for each; any number of processes. REQUIRES: nothing else in this program
// waits for any child (as wait() does): each waits for its own.
class SandboxProcess {
 public:
  // Does not wait for the program to do anything. kInternal if it cannot be started. The failure is
  // logged if it is not the same as the one before.
  [[nodiscard]] static Result<SandboxProcess> start(const std::string& program,
                                                    const std::vector<std::string>& arguments,
                                                    std::string_view input);
  ~SandboxProcess() { end(); }

  SandboxProcess(SandboxProcess&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), output_(std::move(other.output_)) {}
  SandboxProcess& operator=(SandboxProcess&&) = delete;

  // Fills the buffer from the output of the program. kUnprocessable if the output ends before the
  // buffer is full; kCancelled soon after `stop` is requested.
  [[nodiscard]] Result<void> read(std::span<char> buffer, const std::stop_token& stop) const;

  // Ends the process, if it has not ended, and waits for that. The processor time that it has used;
  // none from the second call on.
  std::chrono::microseconds end();

 private:
  SandboxProcess(pid_t pid, UniqueFd output) : pid_(pid), output_(std::move(output)) {}

  pid_t pid_;
  UniqueFd output_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_SANDBOX_PROCESS_H_
