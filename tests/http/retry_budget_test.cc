#include "http/retry_budget.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(RetryBudgetTest, NothingIsRetriedBeforeThereWereRequests) {
  RetryBudget budget;
  EXPECT_FALSE(budget.take());
}

TEST(RetryBudgetTest, TenRequestsPayForOneRetry) {
  RetryBudget budget;
  for (int i = 0; i < 9; ++i) budget.pay_in();
  EXPECT_FALSE(budget.take());
  budget.pay_in();
  EXPECT_TRUE(budget.take());
  EXPECT_FALSE(budget.take());
}

TEST(RetryBudgetTest, OfManyRequestsThatFailOneInTenIsRetried) {
  RetryBudget budget;
  int retries = 0;
  for (int i = 0; i < 10'000; ++i) {
    budget.pay_in();
    retries += budget.take() ? 1 : 0;
  }
  EXPECT_EQ(retries, 1'000);
}

TEST(RetryBudgetTest, SavesUpALimitedNumberOfRetries) {
  RetryBudget budget;
  for (int i = 0; i < 1'000'000; ++i) budget.pay_in();
  int retries = 0;
  while (budget.take()) ++retries;
  EXPECT_EQ(retries, RetryBudget::kMostRetries);
}

}  // namespace
}  // namespace imageserver
