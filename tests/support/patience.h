// Waiting for what must come, without hanging for ever if it does not.

#ifndef IMAGESERVER_TESTS_SUPPORT_PATIENCE_H_
#define IMAGESERVER_TESTS_SUPPORT_PATIENCE_H_

#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

namespace imageserver::testing {

// A guard against hanging, far above what anything takes on a slow machine; nothing is measured.
inline constexpr std::chrono::seconds kPatience{60};

// The same for what happens within one process: a test that fails is to say so soon.
#ifdef IMAGESERVER_SANITIZED
inline constexpr std::chrono::seconds kShortPatience = kPatience;
#else
inline constexpr std::chrono::seconds kShortPatience{8};
#endif

// Asks until the answer is yes. False if patience ran out.
template <class Question>
[[nodiscard]] bool eventually(const Question& question, std::chrono::seconds patience = kPatience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!question()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

template <class Question>
[[nodiscard]] bool soon(const Question& question) {
  return eventually(question, kShortPatience);
}

// Waits for a std::future or std::shared_future. False if patience ran out.
template <class Future>
[[nodiscard]] bool comes(const Future& future) {
  return future.wait_for(kShortPatience) == std::future_status::ready;
}

// What comes. Throws if patience ran out, which ends the test.
template <class Future>
decltype(auto) awaited(Future&& future) {
  if (!comes(future)) throw std::runtime_error("what is waited for does not come");
  return future.get();
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_PATIENCE_H_
