// Keeps retries a small part of all requests, so that they never add to an overload.

#ifndef IMAGESERVER_HTTP_RETRY_BUDGET_H_
#define IMAGESERVER_HTTP_RETRY_BUDGET_H_

#include <atomic>

namespace imageserver {

// Each request pays in a tenth of a retry, and each retry takes a whole one out, so that at most
// 10 % of the requests so far are sent twice. At most kMostRetries are saved up.
//
// Threads: any, concurrently.
class RetryBudget {
 public:
  static constexpr int kRequestsPerRetry = 10;
  static constexpr int kMostRetries = 100;

  // Called when a request is sent for the first time.
  void pay_in();

  // Takes a retry. False if none is saved up.
  [[nodiscard]] bool take();

 private:
  std::atomic<int> requests_ = 0;  // paid in and not taken out
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_RETRY_BUDGET_H_
