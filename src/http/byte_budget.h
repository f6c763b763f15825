// Limits the memory that many answers together take while they arrive.

#ifndef IMAGESERVER_HTTP_BYTE_BUDGET_H_
#define IMAGESERVER_HTTP_BYTE_BUDGET_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "base/bytes.h"

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

// The same bytes, which count in the budget for as long as anybody holds them; none if there is no
// room for them. Threads: any.
[[nodiscard]] inline std::optional<Bytes> counted(const Bytes& bytes,
                                                  std::shared_ptr<ByteBudget> budget) {
  struct Kept {
    Kept(std::shared_ptr<ByteBudget> from, const Bytes& all) : taken(std::move(from)), bytes(all) {}

    BytesTaken taken;
    const Bytes bytes;
  };
  auto kept = std::make_shared<Kept>(std::move(budget), bytes);
  if (!kept->taken.take(bytes.size())) return std::nullopt;
  return Bytes::kept_by(std::move(kept), bytes.view());
}

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_BYTE_BUDGET_H_
