// A child process that cannot outlive its test.

#ifndef IMAGESERVER_TESTS_SUPPORT_PROCESS_H_
#define IMAGESERVER_TESTS_SUPPORT_PROCESS_H_

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace imageserver::testing {

// The processes that this one has started and not yet waited for. Threads: any.
[[nodiscard]] std::vector<pid_t> children_of(pid_t process);

// Threads: one. The thread that starts it must live as long as the process shall.
class Process {
 public:
  // `words` are the program and its arguments. What it writes is kept in memory.
  explicit Process(const std::vector<std::string>& words,
                   const std::filesystem::path& directory = ".");

  // Kills it if it still runs.
  ~Process();

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t id() const { return pid_; }
  [[nodiscard]] bool is_running();

  // Does nothing once it has ended.
  void signal(int number);

  // Waits for its end. The exit code; 128 + the signal that ended it. Throws if patience runs out.
  int wait();

  // What it has written so far.
  [[nodiscard]] std::string output() const;
  [[nodiscard]] std::string errors() const;

 private:
  UniqueFd output_;
  UniqueFd errors_;
  pid_t pid_ = -1;
  std::optional<int> code_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_PROCESS_H_
