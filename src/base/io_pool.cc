#include "base/io_pool.h"

#include <boost/asio/executor_work_guard.hpp>

namespace imageserver {
namespace {

// The pool that a thread belongs to, and its index there; no pool: it belongs to none.
struct Membership {
  const IoPool* pool = nullptr;
  std::size_t index = 0;
};

thread_local Membership membership;

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
      contexts_[i].run();
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
