// Another program that works for us, and can be ended at any time.

#ifndef IMAGESERVER_RENDER_POOL_PROCESS_H_
#define IMAGESERVER_RENDER_POOL_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "imageserver/error.h"

namespace imageserver {

// A process that runs another program, in a session of its own, with an empty environment. Its
// descriptors from 3 on are those that it is given; 0 to 2 are /dev/null. The destructor kills it,
// with all of its group, and waits for its end.
//
// Threads: one at a time for each; any number of processes. REQUIRES: nothing else in this program
// waits for any child (as wait() does): each waits for its own.
class Process {
 public:
  // Does not wait for the program to do anything. not_started() if it cannot be started.
  [[nodiscard]] static Result<Process> start(const std::string& program,
                                             const std::vector<std::string>& arguments,
                                             const std::vector<const UniqueFd*>& descriptors);
  ~Process();

  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Process& operator=(Process&&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }

  // It has ended, or was stopped by a signal: it will not answer.
  [[nodiscard]] bool is_gone() const;

  // Bounds the memory that is its own (RLIMIT_DATA), in bytes; what it takes beyond fails. And its
  // addresses, to a GiB more, as code and files take some. It may have tighter limits of its own.
  void limit_memory(std::int64_t bytes) const;

  // The processor time that it has used; 0 once it has ended.
  [[nodiscard]] std::chrono::milliseconds cpu_time() const;

 private:
  explicit Process(pid_t pid) : pid_(pid) {}

  pid_t pid_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_POOL_PROCESS_H_
