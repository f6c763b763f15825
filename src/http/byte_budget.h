// Limits the memory that many answers together take while they arrive.

#ifndef IMAGESERVER_HTTP_BYTE_BUDGET_H_
#define IMAGESERVER_HTTP_BYTE_BUDGET_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace imageserver {

// Threads: any, concurrently.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t bytes) : left_(bytes) {}

  // Takes the bytes. False, and nothing is taken, if fewer are left.
  [[nodiscard]] bool take(std::size_t bytes) {
    std::size_t left = left_.load(std::memory_order_relaxed);
    while (left >= bytes) {
      if (left_.compare_exchange_weak(left, left - bytes, std::memory_order_relaxed)) return true;
    }
    return false;
  }

  void give_back(std::size_t bytes) { left_.fetch_add(bytes, std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> left_;
};

// The bytes that one answer has taken. The destructor gives them back.
class BytesTaken {
 public:
  // `budget` null: nothing is counted.
  explicit BytesTaken(std::shared_ptr<ByteBudget> budget) : budget_(std::move(budget)) {}
  ~BytesTaken() {
    if (budget_) budget_->give_back(taken_);
  }
  BytesTaken(const BytesTaken&) = delete;
  BytesTaken& operator=(const BytesTaken&) = delete;

  [[nodiscard]] bool take(std::size_t bytes) {
    if (!budget_) return true;
    if (!budget_->take(bytes)) return false;
    taken_ += bytes;
    return true;
  }

 private:
  const std::shared_ptr<ByteBudget> budget_;
  std::size_t taken_ = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_BYTE_BUDGET_H_
