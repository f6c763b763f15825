#include "base/io_pool.h"

#include <csignal>

#include <boost/asio/executor_work_guard.hpp>
#include <new>

#include "base/log.h"

namespace imageserver {
namespace {

// The pool that a thread belongs to, and its index there; no pool: it belongs to none.
struct Membership {
  const IoPool* pool = nullptr;
  std::size_t index = 0;
};

thread_local Membership membership;

// What libraries write to connections that have ended is an error there, and no signal.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

// A handler that finds no memory is lost, with whoever waits for it; all others go on.
void run(net::io_context& context) {
  while (!context.stopped()) {
    try {
      context.run();
    } catch (const std::bad_alloc&) {
      log::error("an I/O thread found no memory for what it was doing");
    }
  }
}

}  // namespace

IoPool::IoPool(std::size_t threads) {
  // Concurrency hint 1: one thread runs each context, so Asio leaves out its locks against more.
  for (std::size_t i = 0; i < threads; ++i) contexts_.emplace_back(1);
}

IoPool::~IoPool() { stop(); }

void IoPool::start() {
  for (std::size_t i = 0; i < contexts_.size(); ++i) {
    work_.emplace_back(contexts_[i].get_executor());
    threads_.emplace_back([this, i] {
      membership = {.pool = this, .index = i};
      block_sigpipe();
      run(contexts_[i]);
    });
  }
}

void IoPool::stop() {
  work_.clear();
  for (auto& context : contexts_) context.stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

std::optional<std::size_t> IoPool::current() const {
  if (membership.pool != this) return std::nullopt;
  return membership.index;
}

}  // namespace imageserver
