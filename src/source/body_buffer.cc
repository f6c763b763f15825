#include "source/body_buffer.h"

#include <algorithm>
#include <new>
#include <utility>

namespace imageserver {
namespace {

constexpr std::size_t kFirst = 64U << 10U;

}  // namespace

BodyBuffer::BodyBuffer(std::size_t most, std::shared_ptr<ByteBudget> budget)
    : most_(most), budget_(std::move(budget)) {}

BodyBuffer::Append BodyBuffer::append(std::string_view bytes) {
  if (bytes.empty()) return Append::kDone;
  if (bytes.size() > most_ - size_) return Append::kTooLarge;
  const std::size_t needed = size_ + bytes.size();
  if (needed > capacity_ && !move_to(std::max({needed, std::min(2 * capacity_, most_), kFirst}))) {
    return Append::kNoMemory;
  }
  std::ranges::copy(bytes, block_->bytes.get() + size_);
  size_ = needed;
  return Append::kDone;
}

Bytes BodyBuffer::finish() {
  const std::size_t spare = capacity_ - size_;
  // Without room for a copy in the budget the spare memory stays.
  if (spare > capacity_ / 4) static_cast<void>(move_to(size_));
  if (!block_) return {};
  const std::string_view bytes(block_->bytes.get(), size_);
  return Bytes::kept_by(std::move(block_), bytes);
}

// Nothing is thrown: libcurl, which is C, stands between this and whoever could catch it.
bool BodyBuffer::move_to(std::size_t capacity) try {
  auto block = std::make_shared<Block>(budget_);
  if (!block->taken.take(capacity)) return false;
  block->bytes = std::make_unique_for_overwrite<char[]>(capacity);
  if (block_) std::copy_n(block_->bytes.get(), size_, block->bytes.get());
  block_ = std::move(block);
  capacity_ = capacity;
  return true;
} catch (const std::bad_alloc&) {
  return false;
}

}  // namespace imageserver
