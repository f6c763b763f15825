#include "render/pool/process_renderer.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/cancelled.h"
#include "base/log.h"
#include "base/needs_memory.h"
#include "base/out_of_memory.h"
#include "formats/format.h"
#include "image/plan/limits.h"
#include "imageserver/in_processes.h"
#include "render/pool/sandbox_gaps.h"
#include "render/wire/answer.h"

namespace imageserver {
namespace {

Error too_slow() { return {ErrorKind::kUnprocessable, "the picture takes too long to read"}; }

Error deadly() { return {ErrorKind::kDeadly, "the picture cannot be read"}; }

Error not_made() { return {ErrorKind::kInternal, "the picture could not be made"}; }

Error late() { return {ErrorKind::kDeadlineExceeded, "out of time"}; }

// What is no answer is what a spoilt renderer says.
RendererProcess::End as_death(RendererProcess::End end) {
  return end == RendererProcess::End::kAnswered ? RendererProcess::End::kDied : end;
}

bool is_tried_again(RendererProcess::End end) {
  return end == RendererProcess::End::kDied || end == RendererProcess::End::kNoMemory ||
         end == RendererProcess::End::kNotReady;
}

// Of a job that has ended so, without an answer. Logs what is not usual.
Error error_of(RendererProcess::End end, const std::string& name) {
  switch (end) {
    case RendererProcess::End::kSlow:
      return too_slow();
    case RendererProcess::End::kLate:
      log::warn("{}: a renderer took too long for it", name);
      return late();
    case RendererProcess::End::kLeft:
      return cancelled();
    case RendererProcess::End::kNoFiles:
      return out_of_memory();
    case RendererProcess::End::kNoMemory:
      log::warn("{}: takes more memory than a renderer may have", name);
      return needs_memory();
    case RendererProcess::End::kNotReady:
      log::error("a renderer has ended before it had a file");
      return not_made();
    case RendererProcess::End::kUnsafe:
      return not_made();
    case RendererProcess::End::kAnswered:
    case RendererProcess::End::kDied:
      log::warn("{}: a renderer died of it", name);
      return deadly();
  }
  return not_made();
}

bool any(const UntrustedFormats& formats) { return formats != UntrustedFormats(); }

RendererPoolOptions pool_options(const RenderTerms& terms, std::string program) {
  return {.process = {.program = std::move(program),
                      .nice = getpriority(PRIO_PROCESS, 0) + terms.nicer,
                      .job_memory = terms.unasked.memory,
                      .longest = terms.longest},
          .lasting = terms.workers,
          .once = any(terms.context.untrusted) ? 1U : 0U,
          .most_jobs = terms.recycle};
}

// The path of imageserver-render: beside the program that is running, else where programs are
// installed.
Result<std::string> find_program() {
  std::error_code ignored;
  const auto running = std::filesystem::read_symlink("/proc/self/exe", ignored);
  for (const std::filesystem::path& folder :
       {running.parent_path(), std::filesystem::path(IMAGESERVER_PROGRAMS)}) {
    const auto path = folder / "imageserver-render";
    if (path.is_absolute() && access(path.c_str(), X_OK) == 0) return path.string();
  }
  return Error{ErrorKind::kNotFound, "imageserver-render is not beside the program"};
}

}  // namespace

MakeRenderer in_processes() {
  return [](const RenderTerms& terms) -> Result<std::unique_ptr<Renderer>> {
    Result<std::string> program = find_program();
    if (program.has_error()) return program.error();
    auto renderer = std::make_unique<ProcessRenderer>(terms, *std::move(program));
    if (auto checked = renderer->check_sandbox(); checked.has_error()) return checked.error();
    return std::unique_ptr<Renderer>(std::move(renderer));
  };
}

ProcessRenderer::ProcessRenderer(const RenderTerms& terms, std::string program)
    : context_(terms.context),
      unasked_(terms.unasked),
      sandbox_(terms.sandbox),
      pool_(pool_options(terms, std::move(program))) {}

Result<void> ProcessRenderer::check_sandbox() {
  if (sandbox_ == SandboxMode::kAuto) return {};
  if (auto error = sandbox_error(RendererKind::kLasting)) return *std::move(error);
  if (!any(context_.untrusted)) return {};
  if (auto error = sandbox_error(RendererKind::kOnce)) return *std::move(error);
  return {};
}

std::optional<Error> ProcessRenderer::sandbox_error(RendererKind kind) {
  const Error no_start{ErrorKind::kInternal,
                       "--sandbox=require: imageserver-render does not start"};
  auto renderer = pool_.take(kind);
  if (renderer.has_error() || (*renderer)->await_ready({})) return no_start;
  const std::string gaps = sandbox_gaps((*renderer)->sandbox());
  pool_.give_back_unused(*std::move(renderer));
  if (gaps.empty()) return std::nullopt;
  return Error{ErrorKind::kInternal, "--sandbox=require: " + gaps};
}

Result<ImagePtr> ProcessRenderer::picture(const Bytes& source, const TransformSpec& spec,
                                          const Bytes& watermark, const std::stop_token& stop,
                                          const Admit& admit) {
  RenderJob job = job_for(source, watermark);
  job.spec = spec;
  return answer_to<ImagePtr>(
      {spec.source, job, source.view(), watermark.view(), stop, admit},
      [&](Message message) { return picture_in(std::move(message), source, spec); });
}

Result<Description> ProcessRenderer::description(const Bytes& source, const std::string& name,
                                                 const std::stop_token& stop, const Admit& admit) {
  RenderJob job = job_for(source, {});
  job.of = RenderJob::Of::kDescription;
  return answer_to<Description>(
      {name, job, source.view(), {}, stop, admit},
      [&](const Message& message) { return description_in(message, source); });
}

RenderJob ProcessRenderer::job_for(const Bytes& source, const Bytes& watermark) const {
  RenderJob job;
  job.source_bytes = static_cast<std::uint32_t>(source.size());
  job.watermark_bytes = static_cast<std::uint32_t>(watermark.size());
  job.unasked = unasked_;
  job.context = context_;
  return job;
}

// `read` makes a Result<T> of the renderer's answer, or none where that is no answer.
template <class T, class Read>
Result<T> ProcessRenderer::answer_to(const Assignment& assignment, const Read& read) {
  for (const std::string_view file : {assignment.source, assignment.watermark})
    if (auto error = check_bytes(file.size())) return *std::move(error);
  constexpr int kTries = 2;
  constexpr int kStarts = 4;  // of renderers, with those that had the job
  Error error = not_made();
  int deaths = 0;
  for (int i = 0; i < kStarts && deaths < kTries; ++i) {
    if (assignment.stop.stop_requested()) return cancelled();
    auto renderer = pool_.take(kind_for(assignment));
    if (renderer.has_error()) return renderer.error();
    RendererProcess::Outcome outcome = run_in(**renderer, assignment);
    std::optional<Result<T>> answer;
    if (outcome.end == RendererProcess::End::kAnswered) answer = read(std::move(outcome.answer));
    const RendererProcess::End end =
        answer ? RendererProcess::End::kAnswered : as_death(outcome.end);
    pool_.give_back(*std::move(renderer), end);
    if (answer) return *std::move(answer);
    error = error_of(end, assignment.name);
    if (!is_tried_again(end)) return error;
    if (end != RendererProcess::End::kNotReady) ++deaths;
  }
  return error;
}

RendererProcess::Outcome ProcessRenderer::run_in(RendererProcess& renderer,
                                                 const Assignment& assignment) {
  if (const auto end = renderer.await_ready(assignment.stop)) return {*end};
  if (!accepts(renderer.sandbox())) return {RendererProcess::End::kUnsafe};
  return renderer.run(assignment);
}

// Whether a renderer with this sandbox may have a file. What it lacks is said once.
bool ProcessRenderer::accepts(const SandboxReport& report) {
  const std::string gaps = sandbox_gaps(report);
  if (!gaps.empty() && !gaps_said_.exchange(true)) log::warn("{}", gaps);
  return gaps.empty() || sandbox_ == SandboxMode::kAuto;
}

// Where a file is of a type that is not allowed, a lasting renderer says so.
RendererKind ProcessRenderer::kind_for(const Assignment& assignment) const {
  for (const std::string_view file : {assignment.source, assignment.watermark}) {
    const auto type = sniff(file);
    if (type && needs_sandbox(*type) && is_allowed(*type, context_.untrusted))
      return RendererKind::kOnce;
  }
  return RendererKind::kLasting;
}

}  // namespace imageserver
