#include "base/io_pool.h"

#include <boost/asio/executor_work_guard.hpp>

namespace imageserver {

IoPool::IoPool(std::size_t threads) {
  // Concurrency hint 1: one thread runs each context, so Asio leaves out its locks against more.
  for (std::size_t i = 0; i < threads; ++i) contexts_.emplace_back(1);
}

IoPool::~IoPool() { stop(); }

void IoPool::start() {
  for (auto& context : contexts_) {
    work_.emplace_back(context.get_executor());
    threads_.emplace_back([&context] { context.run(); });
  }
}

void IoPool::stop() {
  work_.clear();
  for (auto& context : contexts_) context.stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace imageserver
