#include "http/retry_budget.h"

namespace imageserver {

void RetryBudget::pay_in() {
  int saved = requests_.load(std::memory_order_relaxed);
  while (saved < kMostRetries * kRequestsPerRetry &&
         !requests_.compare_exchange_weak(saved, saved + 1, std::memory_order_relaxed)) {
  }
}

bool RetryBudget::take() {
  int saved = requests_.load(std::memory_order_relaxed);
  while (saved >= kRequestsPerRetry) {
    if (requests_.compare_exchange_weak(saved, saved - kRequestsPerRetry,
                                        std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

}  // namespace imageserver
