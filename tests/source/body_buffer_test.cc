#include "source/body_buffer.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace imageserver {
namespace {

using Append = BodyBuffer::Append;

constexpr std::size_t kMost = std::size_t{20} << 20U;

// A budget of `size` bytes that can tell how many are taken.
class Budget {
 public:
  explicit Budget(std::size_t size) : size_(size), budget_(std::make_shared<ByteBudget>(size)) {}

  [[nodiscard]] const std::shared_ptr<ByteBudget>& shared() const { return budget_; }

  [[nodiscard]] std::size_t taken() const {
    std::size_t left = 0;
    for (std::size_t step = std::size_t{1} << 40U; step > 0; step /= 2) {
      if (budget_->take(step)) left += step;
    }
    budget_->give_back(left);
    return size_ - left;
  }

 private:
  const std::size_t size_;
  const std::shared_ptr<ByteBudget> budget_;
};

TEST(BodyBufferTest, WhatWasAppendedComesOut) {
  BodyBuffer buffer(kMost, nullptr);
  std::string all;
  for (std::size_t size = 1; all.size() < 1'000'000; size = size * 3 / 2 + 1) {
    const std::string part(size, static_cast<char>('a' + size % 26));
    ASSERT_EQ(buffer.append(part), Append::kDone);
    all += part;
    EXPECT_EQ(buffer.size(), all.size());
  }
  EXPECT_TRUE(buffer.finish().view() == all);
}

TEST(BodyBufferTest, WithoutBytesThereIsNoMemory) {
  const Budget budget(kMost);
  BodyBuffer buffer(kMost, budget.shared());
  EXPECT_EQ(buffer.append(""), Append::kDone);
  const Bytes bytes = buffer.finish();
  EXPECT_TRUE(bytes.empty());
  EXPECT_EQ(budget.taken(), 0U);
}

TEST(BodyBufferTest, IsFullAtTheLimitAndTakesNoByteMore) {
  BodyBuffer buffer(100'000, nullptr);
  EXPECT_EQ(buffer.append(std::string(60'000, 'x')), Append::kDone);
  EXPECT_EQ(buffer.append(std::string(40'001, 'x')), Append::kTooLarge);
  EXPECT_EQ(buffer.append(std::string(40'000, 'x')), Append::kDone);
  EXPECT_EQ(buffer.append("x"), Append::kTooLarge);
  EXPECT_EQ(buffer.finish().size(), 100'000U);
}

// Memory is taken for what has come, not for what might.
TEST(BodyBufferTest, GrowsWithWhatHasCome) {
  const Budget budget(2 * kMost);
  BodyBuffer buffer(kMost, budget.shared());
  std::size_t size = 0;
  while (size < kMost) {
    ASSERT_EQ(buffer.append(std::string(16'384, 'x')), Append::kDone);
    size += 16'384;
    ASSERT_LE(budget.taken(), std::max<std::size_t>(2 * size, 65'536)) << "after " << size;
    ASSERT_LE(budget.taken(), kMost);
  }
}

TEST(BodyBufferTest, TheBudgetHoldsTheMemoryUntilTheLastBytesAreGone) {
  const Budget budget(kMost);
  std::optional<BodyBuffer> buffer(std::in_place, kMost, budget.shared());
  ASSERT_EQ(buffer->append(std::string(70'000, 'x')), Append::kDone);
  std::optional<Bytes> bytes = buffer->finish();
  buffer.reset();
  EXPECT_GE(budget.taken(), 70'000U);
  std::optional<Bytes> part = bytes->slice(1'000, 10);
  bytes.reset();
  EXPECT_GE(budget.taken(), 70'000U) << "a part holds all of it";
  EXPECT_EQ(part->view(), "xxxxxxxxxx");
  part.reset();
  EXPECT_EQ(budget.taken(), 0U);
}

TEST(BodyBufferTest, OneThatIsDroppedGivesItsMemoryBack) {
  const Budget budget(kMost);
  {
    BodyBuffer buffer(kMost, budget.shared());
    ASSERT_EQ(buffer.append(std::string(1'000'000, 'x')), Append::kDone);
  }
  EXPECT_EQ(budget.taken(), 0U);
}

TEST(BodyBufferTest, AtMostAQuarterOfTheMemoryIsSpareInTheEnd) {
  for (const std::size_t size : {1UL, 48'000UL, 49'153UL, 65'536UL, 65'537UL, 98'303UL, 98'305UL,
                                 131'072UL, 131'073UL, 1'000'000UL}) {
    const Budget budget(kMost);
    BodyBuffer buffer(kMost, budget.shared());
    for (std::size_t i = 0; i < size; i += 16'384) {
      const std::size_t part = std::min<std::size_t>(16'384, size - i);
      ASSERT_EQ(buffer.append(std::string(part, 'x')), Append::kDone);
    }
    const Bytes bytes = buffer.finish();
    EXPECT_EQ(bytes.size(), size);
    EXPECT_LE(budget.taken(), size + size / 3 + 1) << size;
    EXPECT_GE(budget.taken(), size);
  }
}

TEST(BodyBufferTest, WithoutRoomInTheBudgetNothingIsAppended) {
  const Budget budget(100'000);
  ASSERT_TRUE(budget.shared()->take(40'000));
  BodyBuffer buffer(kMost, budget.shared());
  EXPECT_EQ(buffer.append("x"), Append::kNoMemory);
  EXPECT_EQ(buffer.size(), 0U);
  EXPECT_EQ(budget.taken(), 40'000U);
}

TEST(BodyBufferTest, WithoutRoomToGrowWhatIsThereIsGivenBackWithTheBuffer) {
  const Budget budget(150'000);
  {
    BodyBuffer buffer(kMost, budget.shared());
    ASSERT_EQ(buffer.append(std::string(65'536, 'x')), Append::kDone);
    EXPECT_EQ(buffer.append("x"), Append::kNoMemory);
  }
  EXPECT_EQ(budget.taken(), 0U);
}

// The spare memory stays, as there is none for a copy.
TEST(BodyBufferTest, WithoutRoomForACopyTheBytesComeOutAllTheSame) {
  const Budget budget(65'536);
  BodyBuffer buffer(kMost, budget.shared());
  ASSERT_EQ(buffer.append("a picture"), Append::kDone);
  const Bytes bytes = buffer.finish();
  EXPECT_EQ(bytes.view(), "a picture");
  EXPECT_EQ(budget.taken(), 65'536U);
}

}  // namespace
}  // namespace imageserver
