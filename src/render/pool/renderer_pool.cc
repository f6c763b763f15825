#include "render/pool/renderer_pool.h"

#include <chrono>
#include <cstdint>
#include <exception>
#include <future>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "render/pool/not_started.h"

namespace imageserver {
namespace {

// After so many jobs a renderer's memory is looked at.
constexpr std::size_t kLookEvery = 16;

// How often those that wait are looked at.
constexpr std::chrono::seconds kLookAtIdle{1};

// More than there are workers who could wait for a start.
constexpr std::size_t kMostStarts = 4096;

// Whether a job had begun that ended so.
bool was_given(RendererProcess::End end) {
  return end != RendererProcess::End::kNotReady && end != RendererProcess::End::kNoFiles &&
         end != RendererProcess::End::kUnsafe;
}

}  // namespace

RendererPool::RendererPool(RendererPoolOptions options)
    : options_(std::move(options)), starter_({.threads = 1, .waiting = kMostStarts}) {
  for (std::size_t i = 0; i < options_.lasting; ++i) add(RendererKind::kLasting);
  for (std::size_t i = 0; i < options_.once; ++i) add(RendererKind::kOnce);
  keeper_ = std::thread([this] { keep(); });
}

RendererPool::~RendererPool() {
  {
    const MutexLock lock(mutex_);
    ends_ = true;
  }
  ended_.notify_all();
  keeper_.join();
}

Result<std::unique_ptr<RendererProcess>> RendererPool::take(RendererKind kind) {
  auto renderer = take_idle(kind);
  if (kind == RendererKind::kOnce && options_.once > 0) add(kind);
  if (renderer) return renderer;
  return start(kind);
}

void RendererPool::give_back(std::unique_ptr<RendererProcess> renderer, RendererProcess::End end) {
  const RendererKind kind = renderer->kind();
  count(end);
  if (renderer->lasts(end)) {
    if (!is_spent(*renderer)) return wait(std::move(renderer));
    const MutexLock lock(mutex_);
    ++stats_.recycled;
  }
  renderer.reset();
  if (kind == RendererKind::kLasting) add(kind);
}

Result<std::unique_ptr<RendererProcess>> RendererPool::start(RendererKind kind) {
  // Shared, as the starter may still be in set_value() when the value has arrived here.
  const auto started = std::make_shared<std::promise<Result<std::unique_ptr<RendererProcess>>>>();
  const bool taken = starter_.try_submit([this, kind, started](WorkerPool::Turn&) {
    try {
      RendererProcessOptions process = options_.process;
      process.kind = kind;
      started->set_value(RendererProcess::start(process));
    } catch (const std::system_error& error) {
      started->set_value(not_started(options_.process.program, error.code().value()));
    } catch (const std::exception&) {
      started->set_exception(std::current_exception());
    }
  });
  if (!taken) return Error{ErrorKind::kInternal, "the picture could not be made"};
  auto renderer = started->get_future().get();
  const MutexLock lock(mutex_);
  if (renderer.has_value()) ++stats_.started;
  return renderer;
}

// The one that was used last is warmest. Null: none waits that lives.
std::unique_ptr<RendererProcess> RendererPool::take_idle(RendererKind kind) {
  Renderers gone;
  const MutexLock lock(mutex_);
  Renderers& all = idle(kind);
  while (!all.empty()) {
    auto renderer = std::move(all.back());
    all.pop_back();
    if (!renderer->is_gone()) return renderer;
    gone.push_back(std::move(renderer));
  }
  return nullptr;
}

// One that cannot be started now is started when it is needed.
void RendererPool::add(RendererKind kind) {
  auto renderer = start(kind);
  if (renderer.has_value()) wait(*std::move(renderer));
}

// Ends it if there are enough: the keeper may have replaced one while a worker did.
void RendererPool::wait(std::unique_ptr<RendererProcess> renderer) {
  const RendererKind kind = renderer->kind();
  const MutexLock lock(mutex_);
  const std::size_t enough = kind == RendererKind::kOnce ? options_.once : options_.lasting;
  if (idle(kind).size() < enough) idle(kind).push_back(std::move(renderer));
}

void RendererPool::keep() {
  while (goes_on()) {
    try {
      for (const RendererKind kind : {RendererKind::kLasting, RendererKind::kOnce})
        for (std::size_t gone = end_gone(kind); gone > 0; --gone) add(kind);
    } catch (const std::exception& exception) {
      log::error("renderers cannot be looked after: {}", exception.what());
    }
  }
}

// Waits until it is time to look again. False at the end.
bool RendererPool::goes_on() {
  const Deadline next = Clock::now() + kLookAtIdle;
  const MutexLock lock(mutex_);
  while (!ends_ && Clock::now() < next) ended_.wait_until(mutex_, next);
  return !ends_;
}

// How many of those that wait have gone.
std::size_t RendererPool::end_gone(RendererKind kind) {
  Renderers gone;
  const MutexLock lock(mutex_);
  for (auto& renderer : idle(kind))
    if (renderer->is_gone()) gone.push_back(std::move(renderer));
  std::erase(idle(kind), nullptr);
  return gone.size();
}

bool RendererPool::is_spent(const RendererProcess& renderer) const {
  if (options_.most_jobs > 0 && renderer.jobs() >= options_.most_jobs) return true;
  if (renderer.jobs() % kLookEvery != 0) return false;
  const auto kept = renderer.memory() - kIdleRendererMemory;
  return kept > options_.process.job_memory / 2;
}

void RendererPool::count(RendererProcess::End end) {
  const MutexLock lock(mutex_);
  if (was_given(end)) ++stats_.renders;
  switch (end) {
    case RendererProcess::End::kDied:
      ++stats_.died;
      break;
    case RendererProcess::End::kNoMemory:
      ++stats_.out_of_memory;
      break;
    case RendererProcess::End::kSlow:
    case RendererProcess::End::kLate:
      ++stats_.late;
      break;
    case RendererProcess::End::kLeft:
      ++stats_.left;
      break;
    case RendererProcess::End::kAnswered:
    case RendererProcess::End::kNotReady:
    case RendererProcess::End::kNoFiles:
    case RendererProcess::End::kUnsafe:
      break;
  }
}

RendererStats RendererPool::stats() const {
  const MutexLock lock(mutex_);
  return stats_;
}

}  // namespace imageserver
