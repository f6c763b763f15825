// Keeps retries a small part of all requests, so that they never add to an overload.

#ifndef IMAGESERVER_HTTP_RETRY_BUDGET_H_
#define IMAGESERVER_HTTP_RETRY_BUDGET_H_

#include <atomic>

namespace imageserver {

// Every request pays in a tenth of a retry, and a retry takes a whole one out: at most 10 % of the
// requests so far are sent twice. What may be saved up is bounded.
//
// Threads: any, concurrently.
class RetryBudget {
 public:
  static constexpr int kRequestsPerRetry = 10;
  static constexpr int kMostRetries = 100;  // that are saved up

  // A request is sent for the first time.
  void pay_in();

  // Whether a request may be sent once more.
  [[nodiscard]] bool take();

 private:
  std::atomic<int> requests_ = 0;  // that are not used up by retries
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_RETRY_BUDGET_H_
