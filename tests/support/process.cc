#include "support/process.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "support/patience.h"

namespace imageserver::testing {
namespace {

constexpr int kCannotStart = 127;

std::string content(const UniqueFd& file) {
  std::string text;
  std::array<char, 4096> part{};
  ssize_t size = 0;
  while ((size = pread(file.get(), part.data(), part.size(), static_cast<off_t>(text.size()))) >
         0) {
    text.append(part.data(), static_cast<std::size_t>(size));
  }
  return text;
}

int exit_code(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Between fork and exec only what is safe in a signal handler may be called.
[[noreturn]] void become(char* const* words, const char* directory, int output, int errors) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
      dup2(errors, STDERR_FILENO) < 0 || chdir(directory) != 0) {
    _exit(kCannotStart);
  }
  execv(words[0], words);
  _exit(kCannotStart);
}

}  // namespace

Process::Process(const std::vector<std::string>& words, const std::filesystem::path& directory)
    : output_(memfd_create("output", MFD_CLOEXEC)), errors_(memfd_create("errors", MFD_CLOEXEC)) {
  std::vector<char*> raw;
  for (const std::string& word : words) raw.push_back(const_cast<char*>(word.c_str()));
  raw.push_back(nullptr);
  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) become(raw.data(), directory.c_str(), output_.get(), errors_.get());
}

Process::~Process() {
  if (!is_running()) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Process::is_running() {
  int status = 0;
  if (!code_ && waitpid(pid_, &status, WNOHANG) == pid_) code_ = exit_code(status);
  return !code_;
}

void Process::signal(int number) {
  if (is_running()) kill(pid_, number);
}

int Process::wait() {
  if (!eventually([this] { return !is_running(); })) {
    throw std::runtime_error("the process does not end; it wrote:\n" + errors());
  }
  return *code_;
}

std::string Process::output() const { return content(output_); }

std::string Process::errors() const { return content(errors_); }

std::vector<pid_t> children_of(pid_t process) {
  std::vector<pid_t> children;
  const auto tasks = "/proc/" + std::to_string(process) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    std::ifstream file(task.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

}  // namespace imageserver::testing
