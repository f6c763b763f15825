// The I/O threads: one io_context each, so that whatever starts on one stays on it and needs no
// lock.

#ifndef IMAGESERVER_BASE_IO_POOL_H_
#define IMAGESERVER_BASE_IO_POOL_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <thread>
#include <vector>

#include "base/asio.h"

namespace imageserver {

// Threads: size(), at() and current() may be called from any; start() and stop() from the owner's
// only.
class IoPool {
 public:
  // REQUIRES: threads > 0.
  explicit IoPool(std::size_t threads);

  // Stops and joins.
  ~IoPool();

  IoPool(const IoPool&) = delete;
  IoPool& operator=(const IoPool&) = delete;

  // Starts the threads. They run until stop(), busy or not. A handler that throws std::bad_alloc is
  // logged, and the thread goes on.
  void start();

  // Stops the contexts (what is under way is abandoned), and joins. May be called again.
  void stop();

  [[nodiscard]] std::size_t size() const { return contexts_.size(); }
  [[nodiscard]] net::io_context& at(std::size_t index) { return contexts_[index]; }

  // The index of the context that the calling thread runs; none if it is no thread of this pool.
  [[nodiscard]] std::optional<std::size_t> current() const;

 private:
  std::deque<net::io_context> contexts_;
  std::vector<net::executor_work_guard<Executor>> work_;
  std::vector<std::thread> threads_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_IO_POOL_H_
