#include "render/pool/renderer_process.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <functional>
#include <utility>

#include "base/log.h"
#include "base/printable.h"
#include "render/pool/not_started.h"
#include "render/renderer.h"

namespace imageserver {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// The largest result, 40 megapixels of four bytes, and what a file has besides.
constexpr std::size_t kLargestAnswer = 200U << 20U;

// How often the process is looked at, while it says nothing. The socket tells its end at once; only
// a look finds a process that was stopped by a signal.
constexpr milliseconds kLook{50};

// So long a renderer has to start. It takes some 60 ms of processor time, which a busy machine may
// not give it at once.
constexpr std::chrono::seconds kToStart{30};

// So long a renderer has to leave a job. That is longer than a few rows of pixels take, and shorter
// than the start of another renderer.
constexpr milliseconds kToLeave{50};

// So long it has once it was refused: it has nothing to do but to say so.
constexpr milliseconds kToObey{1000};

// Processor time of a file of an untrusted format. The first is as much as usual files take, many
// times over. No picture that is worth waiting for takes as long as the second; it is shorter than
// the usual deadline of a request, so that the client is told that the file takes too long.
constexpr milliseconds kUsual{1000};
constexpr milliseconds kMost{4000};

// The work of kMost (image/work.h).
constexpr std::int64_t kMostWork = 800'000'000;

constexpr std::size_t kLongestLine = 500;

// More than its first message has.
constexpr std::size_t kLargestReady = 64;

// More than a job has to say: questions and lines for the log.
constexpr int kMostMessages = 64;

void log_line(std::string_view body) {
  const auto line = decoded_value<RenderLogLine>(body);
  if (!line) return;
  const std::string text = printable(line->text, kLongestLine);
  line->grave ? log::warn("renderer: {}", text) : log::debug("renderer: {}", text);
}

// A renderer may say anything. What is more than this is refused whatever the limits are.
bool is_possible(const Demand& demand) {
  constexpr std::int64_t kTop = std::int64_t{1} << 50U;
  return demand.work >= 0 && demand.work <= kTop && demand.memory >= 0 && demand.memory <= kTop;
}

bool is_out_of_memory(std::string_view body) {
  const auto error = decoded_value<Error>(body);
  return error && error->kind == ErrorKind::kOutOfMemory;
}

}  // namespace

// The time of one job.
class RendererProcess::Watch {
 public:
  Watch(const Assignment& assignment, RendererProcess& renderer)
      : assignment_(assignment),
        renderer_(renderer),
        used_before_(renderer.process_.cpu_time()),
        woken_(assignment.stop, [&renderer] { renderer.wake_.notify(); }) {}

  // Looks whether the job has to end, and tells the renderer. How it ended, if it has.
  std::optional<End> look() {
    renderer_.wake_.clear();
    const Clock::time_point now = Clock::now();
    if (leaves_at_ && now >= *leaves_at_) return End::kLeft;
    if (assignment_.stop.stop_requested()) return tell_to_leave(now);
    if (renderer_.process_.is_gone()) return End::kDied;
    if (renderer_.refused_ && !leaves_at_) leaves_at_ = now + kToObey;
    if (now - begun_at_ > renderer_.longest_) return End::kLate;
    return renderer_.kind_ == RendererKind::kOnce ? look_at_time() : std::nullopt;
  }

 private:
  std::optional<End> tell_to_leave(Clock::time_point now) {
    if (is_told_) return std::nullopt;
    is_told_ = true;
    leaves_at_ = now + kToLeave;
    const bool lasts = renderer_.kind_ == RendererKind::kLasting &&
                       renderer_.channel_.send_at_once(MessageKind::kLeave);
    return lasts ? std::nullopt : std::optional(End::kLeft);
  }

  std::optional<End> look_at_time() {
    const milliseconds used = renderer_.process_.cpu_time() - used_before_;
    if (used > kMost) return End::kSlow;
    if (used <= kUsual || may_take_long_) return std::nullopt;
    may_take_long_ = renderer_.permits({.work = kMostWork}, assignment_.admit);
    return may_take_long_ ? std::nullopt : std::optional(End::kLeft);
  }

  const Assignment& assignment_;
  RendererProcess& renderer_;
  const milliseconds used_before_;
  const Clock::time_point begun_at_ = Clock::now();
  bool may_take_long_ = false;
  bool is_told_ = false;
  std::optional<Clock::time_point> leaves_at_;
  const std::stop_callback<std::function<void()>> woken_;
};

Result<std::unique_ptr<RendererProcess>> RendererProcess::start(
    const RendererProcessOptions& options) {
  std::array<int, 2> ends{-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return not_started(options.program, errno);
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  auto files = std::make_unique<SharedFile>();
  if (!files->fd().valid()) return not_started(options.program, errno);
  const auto level = log::level::to_string_view(log::get_level());
  auto process = Process::start(options.program,
                                {options.kind == RendererKind::kOnce ? "once" : "lasting",
                                 std::to_string(options.nice),
                                 {level.data(), level.size()}},
                                {&theirs, &files->fd()});
  if (process.has_error()) return process.error();
  std::unique_ptr<RendererProcess> renderer(new RendererProcess(
      options, *std::move(process), Channel(std::move(ours)), std::move(files)));
  renderer->limit_job(options.job_memory);
  return renderer;
}

bool RendererProcess::lasts(End end) const {
  return kind_ == RendererKind::kLasting && !has_more_ && end == End::kAnswered;
}

void RendererProcess::limit_job(std::int64_t bytes) {
  limit_ = kIdleRendererMemory + bytes;
  process_.limit_memory(limit_);
}

std::optional<RendererProcess::End> RendererProcess::await_ready(const std::stop_token& stop) {
  const Clock::time_point late = Clock::now() + kToStart;
  while (!sandbox_) {
    const Channel::Progress progress = channel_.receive(kLargestReady);
    if (progress == Channel::Progress::kWhole && hear_ready(channel_.take())) break;
    if (progress != Channel::Progress::kMore || process_.is_gone()) return End::kNotReady;
    if (stop.stop_requested()) return End::kLeft;
    if (Clock::now() > late) return End::kNotReady;
    pollfd readable{channel_.get(), POLLIN, 0};
    poll(&readable, 1, static_cast<int>(kLook.count()));
  }
  return std::nullopt;
}

// False if that is not what it was to say first.
bool RendererProcess::hear_ready(const Message& message) {
  if (message.kind == MessageKind::kReady) sandbox_ = decoded_value<SandboxReport>(message.body);
  return sandbox_.has_value();
}

RendererProcess::Outcome RendererProcess::run(const Assignment& assignment) {
  Outcome outcome = work(assignment);
  if (outcome.end == End::kDied) outcome.end = cause_of_death();
  const bool is_lost = outcome.end == End::kDied || outcome.end == End::kNoMemory;
  return is_lost && refused_ ? Outcome{End::kLeft} : std::move(outcome);
}

// Many libraries abort where they find no memory, and say so to nobody. One that was seen to have
// half of its limit has most likely reached it.
RendererProcess::End RendererProcess::cause_of_death() const {
  return most_memory_ > limit_ / 2 ? End::kNoMemory : End::kDied;
}

RendererProcess::Outcome RendererProcess::work(const Assignment& assignment) {
  if (!files_->write(assignment.source, assignment.watermark)) return {End::kNoFiles};
  ++jobs_;
  messages_ = 0;
  most_memory_ = 0;
  refused_ = false;
  wake_.clear();  // the stop of the last job may have come when that was over
  if (!channel_.send_at_once(MessageKind::kJob, encoded_value(assignment.job)))
    return {End::kNotReady};
  Watch watch(assignment, *this);
  while (true) {
    std::array<pollfd, 2> readable = {pollfd{channel_.get(), POLLIN, 0},
                                      pollfd{wake_.get(), POLLIN, 0}};
    poll(readable.data(), readable.size(), static_cast<int>(kLook.count()));
    if (auto outcome = listen(assignment)) {
      files_->shrink();
      return *std::move(outcome);
    }
    if (const auto end = watch.look()) return {*end};
    most_memory_ = std::max(most_memory_, memory());
  }
}

// Takes what the renderer has said. None while the job is not over.
std::optional<RendererProcess::Outcome> RendererProcess::listen(const Assignment& assignment) {
  while (true) {
    const Channel::Progress progress = channel_.receive(kLargestAnswer);
    if (progress == Channel::Progress::kMore) return std::nullopt;
    if (progress == Channel::Progress::kGone || ++messages_ > kMostMessages)
      return Outcome{End::kDied};
    if (auto outcome = hear(channel_.take(), assignment)) return outcome;
  }
}

std::optional<RendererProcess::Outcome> RendererProcess::hear(Message message,
                                                              const Assignment& assignment) {
  switch (message.kind) {
    case MessageKind::kLog:
      log_line(message.body);
      return std::nullopt;
    case MessageKind::kAsk:
      if (answer_ask(message.body, assignment.admit)) return std::nullopt;
      return Outcome{End::kDied};
    case MessageKind::kPicture:
    case MessageKind::kOriginal:
    case MessageKind::kDescription:
      return Outcome{End::kAnswered, std::move(message)};
    case MessageKind::kError:
      if (is_out_of_memory(message.body)) return Outcome{End::kNoMemory};
      return Outcome{End::kAnswered, std::move(message)};
    case MessageKind::kNoMemory:
      return Outcome{End::kNoMemory};
    case MessageKind::kJob:
    case MessageKind::kPermit:
    case MessageKind::kLeave:
    case MessageKind::kReady:
      return Outcome{End::kDied};
  }
  return Outcome{End::kDied};
}

bool RendererProcess::permits(const Demand& demand, const Admit& admit) {
  refused_ = refused_ || !may_begin(admit, demand);
  return !refused_;
}

// False if it was no question, or cannot be answered. A limit only grows: what was there before may
// still be.
bool RendererProcess::answer_ask(std::string_view body, const Admit& admit) {
  const auto demand = decoded_value<Demand>(body);
  if (!demand || !is_possible(*demand)) return false;
  const bool permit = permits(*demand, admit);
  if (permit && kIdleRendererMemory + demand->memory > limit_) {
    limit_job(demand->memory);
    has_more_ = true;
  }
  return channel_.send_at_once(MessageKind::kPermit, encoded_value(permit));
}

std::int64_t RendererProcess::memory() const {
  std::ifstream statm("/proc/" + std::to_string(process_.pid()) + "/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  std::int64_t shared = 0;
  statm >> size >> resident >> shared;
  return std::max<std::int64_t>(0, resident - shared) * getpagesize();
}

}  // namespace imageserver
