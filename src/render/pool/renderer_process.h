// One renderer: its process, the line to it, and the memory in which it gets its files.

#ifndef IMAGESERVER_RENDER_POOL_RENDERER_PROCESS_H_
#define IMAGESERVER_RENDER_POOL_RENDERER_PROCESS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/event_fd.h"
#include "image/plan/admit.h"
#include "imageserver/error.h"
#include "render/pool/process.h"
#include "render/pool/shared_file.h"
#include "render/wire/channel.h"
#include "render/wire/messages.h"
#include "render/wire/sandbox_report.h"

namespace imageserver {

// What a renderer is for.
enum class RendererKind : std::uint8_t {
  kLasting,  // one job after the other
  kOnce      // one file of an untrusted format
};

struct RendererProcessOptions {
  std::string program;  // the path of imageserver-render
  RendererKind kind = RendererKind::kLasting;
  int nice = 0;
  std::int64_t job_memory = 0;                // bytes that a job may take for which nobody is asked
  std::chrono::milliseconds longest{60'000};  // that a job may take, by the clock
};

// A job, its files, and those who wait for it. REQUIRES: all of it outlives the job.
struct Assignment {
  const std::string& name;  // of the original
  const RenderJob& job;
  std::string_view source;
  std::string_view watermark;
  const std::stop_token& stop;
  const Admit& admit;
};

// Threads: one at a time.
class RendererProcess {
 public:
  // Returns while it starts: it has libraries to load. not_started() if it cannot be started;
  // throws std::system_error if no descriptor is left for what wakes it.
  [[nodiscard]] static Result<std::unique_ptr<RendererProcess>> start(
      const RendererProcessOptions& options);

  // How a job ended.
  enum class End : std::uint8_t {
    kAnswered,  // there is an answer, the last message of the job
    kDied,      // the renderer has ended, was stopped, or has said what is no answer
    kSlow,      // it has used more processor time than a file may
    kLate,      // it has taken longer than a job may
    kLeft,      // nobody waits any more, or `admit` has said no
    kNotReady,  // it does not start, or has ended before it had the job
    kNoFiles,   // there is no memory for the files; nothing was begun
    kNoMemory,  // the job takes more memory than it may
    kUnsafe     // its sandbox lacks what it must have; nothing was begun
  };

  struct Outcome {
    End end;
    Message answer = {};
  };

  // Waits until it has said what of its sandbox holds, its first message. kNotReady if that does
  // not come, kLeft once `stop` is requested.
  [[nodiscard]] std::optional<End> await_ready(const std::stop_token& stop);

  // REQUIRES: await_ready() had no end.
  [[nodiscard]] const SandboxReport& sandbox() const { return *sandbox_; }

  // Has it do a job. Blocks. REQUIRES: await_ready() had no end. The memory of the job is bounded:
  // by job_memory, or by what `admit` has allowed. So is the processor time of one of kOnce:
  // `admit` is asked after the first second, and after four it is too much. Once `admit` has said
  // no, the renderer has a second to leave, and is told no if it asks again.
  [[nodiscard]] Outcome run(const Assignment& assignment);

  [[nodiscard]] RendererKind kind() const { return kind_; }

  // Whether it may have another job once its last one has ended so. One that had more memory than
  // usual would keep it.
  [[nodiscard]] bool lasts(End end) const;

  // It has ended, or was stopped by a signal.
  [[nodiscard]] bool is_gone() const { return process_.is_gone(); }

  // Jobs that it was given.
  [[nodiscard]] std::size_t jobs() const { return jobs_; }

  // The memory of its own, in bytes: that of libraries and files does not count.
  [[nodiscard]] std::int64_t memory() const;

 private:
  RendererProcess(const RendererProcessOptions& options, Process process, Channel channel,
                  std::unique_ptr<SharedFile> files)
      : kind_(options.kind),
        longest_(options.longest),
        process_(std::move(process)),
        channel_(std::move(channel)),
        files_(std::move(files)) {}

  class Watch;

  [[nodiscard]] bool hear_ready(const Message& message);
  [[nodiscard]] Outcome work(const Assignment& assignment);
  [[nodiscard]] std::optional<Outcome> listen(const Assignment& assignment);
  [[nodiscard]] std::optional<Outcome> hear(Message message, const Assignment& assignment);
  [[nodiscard]] bool answer_ask(std::string_view body, const Admit& admit);
  [[nodiscard]] bool permits(const Demand& demand, const Admit& admit);
  void limit_job(std::int64_t bytes);
  [[nodiscard]] End cause_of_death() const;

  const RendererKind kind_;
  const std::chrono::milliseconds longest_;
  std::int64_t limit_ = 0;        // of its memory, in bytes
  std::int64_t most_memory_ = 0;  // that it was seen to have in this job
  Process process_;
  Channel channel_;
  const std::unique_ptr<SharedFile> files_;
  EventFd wake_;
  std::optional<SandboxReport> sandbox_;
  std::size_t jobs_ = 0;
  int messages_ = 0;       // of this job
  bool has_more_ = false;  // memory than job_memory says
  bool refused_ = false;   // `admit` has said no to this job
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_POOL_RENDERER_PROCESS_H_
