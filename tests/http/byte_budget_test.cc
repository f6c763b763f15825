#include "http/byte_budget.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace imageserver {
namespace {

TEST(CountedTest, BytesCountUntilTheLastCopyIsGone) {
  const auto budget = std::make_shared<ByteBudget>(10);
  std::optional<Bytes> first = counted(Bytes::copy("123456"), budget);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->view(), "123456");
  std::optional<Bytes> second = first->slice(1, 2);
  first.reset();
  EXPECT_FALSE(counted(Bytes::copy("12345"), budget)) << "four are left";
  second.reset();
  EXPECT_TRUE(counted(Bytes::copy("0123456789"), budget));
}

TEST(CountedTest, WithoutABudgetNothingIsCounted) {
  EXPECT_EQ(counted(Bytes::copy("123456"), nullptr).value().view(), "123456");
}

}  // namespace
}  // namespace imageserver
