// A renderer that does what the original of its job says, and has no library of pictures. If it is
// called bare_renderer, it says that it has no sandbox; silent_renderer leaves out its first
// message.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "render/wire/channel.h"

namespace imageserver {
namespace {

constexpr std::size_t kMost = 64U << 10U;
constexpr std::string_view kGif = "GIF89a and so on";

std::string original_of(const RenderJob& job) {
  std::string bytes(job.source_bytes, '\0');
  if (pread(4, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) _exit(1);
  return bytes;
}

void send_picture(const Channel& channel, Format format = Format::kGif, Frames frames = {1, 1}) {
  static_cast<void>(
      channel.send(MessageKind::kPicture, encoded_value(PictureHead{format, frames}), kGif));
}

void send_error(const Channel& channel, const Error& error) {
  static_cast<void>(channel.send(MessageKind::kError, encoded_value(error)));
}

void log(const Channel& channel, bool grave = true, const std::string& text = "a line") {
  static_cast<void>(channel.send(MessageKind::kLog, encoded_value(RenderLogLine{grave, text})));
}

void send_limit(const Channel& channel) {
  rlimit limit{};
  getrlimit(RLIMIT_DATA, &limit);
  send_error(channel, {ErrorKind::kUnprocessable, std::to_string(limit.rlim_cur)});
}

void say_ready(const Channel& channel, bool bare) {
  const SandboxReport report = bare ? SandboxReport{ENOSYS, EPERM} : SandboxReport{};
  static_cast<void>(channel.send(MessageKind::kReady, encoded_value(report)));
}

// Does not return before the server says that it has to leave.
void await_leave(Channel& channel) {
  const auto message = channel.wait_for_message(kMost);
  if (!message || message->kind != MessageKind::kLeave) _exit(1);
}

bool is_permitted(Channel& channel, const Demand& demand) {
  static_cast<void>(channel.send(MessageKind::kAsk, encoded_value(demand)));
  const auto answer = channel.wait_for_message(kMost);
  if (!answer || answer->kind != MessageKind::kPermit) _exit(1);
  return decoded_value<bool>(answer->body).value_or(false);
}

[[noreturn]] void die_of(std::size_t bytes) {
  std::vector<char> memory(bytes, 'x');
  const std::atomic_ref<char> used(memory.back());
  used.store('y');
  usleep(200'000);  // as long as a file takes that uses so much
  abort();
}

// Memory that is given back at once where it is unmapped, whatever a sanitizer does with the heap.
class Pages {
 public:
  explicit Pages(std::size_t bytes)
      : bytes_(bytes),
        begin_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0)) {
    if (begin_ == MAP_FAILED) _exit(1);
  }
  ~Pages() { munmap(begin_, bytes_); }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

 private:
  const std::size_t bytes_;
  void* const begin_;
};

// What a program finds when it begins.
std::string surroundings() {
  std::string found = "descriptors";
  for (int fd = 0; fd < 1024; ++fd)
    if (fcntl(fd, F_GETFD) >= 0) found += " " + std::to_string(fd);
  sigset_t blocked{};
  sigprocmask(SIG_BLOCK, nullptr, &blocked);
  struct sigaction action{};
  sigaction(SIGUSR2, nullptr, &action);
  found += sigismember(&blocked, SIGUSR1) != 0 ? ", SIGUSR1 is blocked" : "";
  found += action.sa_handler == SIG_IGN ? ", SIGUSR2 is ignored" : "";
  found += getsid(0) == getpid() ? ", a session of its own" : "";
  found += *environ == nullptr ? ", no environment" : "";
  return found;
}

[[noreturn]] void spin() {
  for (std::atomic<unsigned> n = 0;; ++n) {
  }
}

void act(Channel& channel, const RenderJob& job, std::string_view what) {
  if (what == "picture") return send_picture(channel);
  if (what == "GIF89a itself") {
    static_cast<void>(
        channel.send(MessageKind::kOriginal, encoded_value(PictureHead{Format::kGif, {1, 1}})));
    return;
  }
  if (what == "source size")
    return send_error(channel, {ErrorKind::kUnprocessable, std::to_string(job.source_bytes)});
  if (what == "process")
    return send_error(channel, {ErrorKind::kUnprocessable, std::to_string(getpid())});
  if (what == "other format") return send_picture(channel, Format::kPng);
  if (what == "odd frames") return send_picture(channel, Format::kGif, {2, 1});
  if (what == "odd error") return send_error(channel, {ErrorKind::kBusy, "busy"});
  if (what == "odd message") return send_error(channel, {ErrorKind::kUnprocessable, "a\nb"});
  if (what == "nonsense") {
    static_cast<void>(write(channel.get(), "nonsense nonsense", 17));
    pause();
  }
  if (what == "too much") {
    static_cast<void>(write(channel.get(), "\x05\xFF\xFF\xFF\xFF", 5));
    pause();
  }
  if (what == "flood")
    while (true) log(channel);
  if (what == "log") log(channel);
  if (what == "log of little") log(channel, false);
  if (what == "odd log") log(channel, true, "\n" + std::string(600, 'x'));
  if (what.find("log") != std::string_view::npos) return send_picture(channel);
  if (what == "surroundings")
    return send_error(channel, {ErrorKind::kUnprocessable, surroundings()});
  if (what == "use 90 MiB") {
    const Pages used(90U << 20U);
    usleep(200'000);
    return send_picture(channel);
  }
  if (what == "keep 110 MiB") {
    static const Pages kept(110U << 20U);
    return send_picture(channel);
  }
  if (what == "ask") {
    if (is_permitted(channel, {1234, 5678})) return send_picture(channel);
    return send_error(channel, {ErrorKind::kCancelled, "no"});
  }
  if (what.starts_with("ask ") && !what.ends_with("MiB")) {
    static_cast<void>(is_permitted(channel, {1234, 5678}));
    if (what == "ask and die") abort();
    if (what == "ask and have no memory")
      return send_error(channel, {ErrorKind::kOutOfMemory, "none"});
    if (what == "ask and stay") pause();
    if (is_permitted(channel, {1234, 5678})) return send_picture(channel);
    return send_error(channel, {ErrorKind::kCancelled, "no"});
  }
  if (what == "limit") return send_limit(channel);
  if (what == "ask for 100 MiB" || what == "ask for 10 MiB") {
    static_cast<void>(is_permitted(channel, {0, (what == "ask for 10 MiB" ? 10 : 100) << 20}));
    return send_limit(channel);
  }
  if (what.starts_with("impossible ask ")) {
    constexpr std::int64_t kTooMuch = (std::int64_t{1} << 50) + 1;
    constexpr Demand kDemands[] = {{-1, 0}, {0, -1}, {kTooMuch, 0}, {0, kTooMuch}};
    static_cast<void>(is_permitted(channel, kDemands[what.back() - '0']));
    return send_picture(channel);
  }
  if (what == "error of memory") return send_error(channel, {ErrorKind::kOutOfMemory, "none"});
  if (what == "no memory") {
    static_cast<void>(channel.send(MessageKind::kNoMemory));
    abort();
  }
  if (what == "leave") {
    await_leave(channel);
    return send_error(channel, {ErrorKind::kCancelled, "left"});
  }
  if (what == "ready") {
    say_ready(channel, false);
    return send_picture(channel);
  }
  if (what == "die") abort();
  if (what == "die of 110 MiB") die_of(110 << 20);
  if (what == "die of 10 MiB") die_of(10 << 20);
  if (what == "exit") _exit(0);
  if (what == "stop") raise(SIGSTOP);
  if (what == "hang") pause();
  if (what.starts_with("<svg")) spin();
  send_error(channel, {ErrorKind::kInternal, "what?"});
}

}  // namespace
}  // namespace imageserver

int main(int, char** argv) {
  using namespace imageserver;
  std::signal(SIGABRT, SIG_DFL);
  Channel channel{UniqueFd(3)};
  const std::string_view name = argv[0];
  if (!name.ends_with("silent_renderer")) say_ready(channel, name.ends_with("bare_renderer"));
  while (const auto message = channel.wait_for_message(kMost)) {
    const auto job = decoded_value<RenderJob>(message->body);
    if (message->kind == MessageKind::kLeave) continue;
    if (!job) return 1;
    act(channel, *job, original_of(*job));
  }
  return 0;
}
