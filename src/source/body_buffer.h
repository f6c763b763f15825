// The body of an answer while it arrives.

#ifndef IMAGESERVER_SOURCE_BODY_BUFFER_H_
#define IMAGESERVER_SOURCE_BODY_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "http/byte_budget.h"

namespace imageserver {

// Grows with what has arrived, whatever the answer says of its length. Its memory counts in the
// budget for as long as the bytes are in anybody's hands.
//
// Threads: one at a time.
class BodyBuffer {
 public:
  enum class Append : std::uint8_t { kDone, kTooLarge, kNoMemory };

  // `most`: bytes that the body may have. `budget` null: nothing is counted.
  BodyBuffer(std::size_t most, std::shared_ptr<ByteBudget> budget);

  // After anything but kDone no more is to be appended.
  [[nodiscard]] Append append(std::string_view bytes);

  [[nodiscard]] std::size_t size() const { return size_; }

  // All that was appended. At most a quarter of the memory is spare. The buffer is to be used no
  // more.
  [[nodiscard]] Bytes finish();

 private:
  // The memory, and its place in the budget.
  struct Block {
    explicit Block(std::shared_ptr<ByteBudget> budget) : taken(std::move(budget)) {}

    BytesTaken taken;
    std::unique_ptr<char[]> bytes;
  };

  [[nodiscard]] bool move_to(std::size_t capacity);

  const std::size_t most_;
  const std::shared_ptr<ByteBudget> budget_;
  std::shared_ptr<Block> block_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_BODY_BUFFER_H_
