// Waiting for what must come, without hanging for ever if it does not.

#ifndef IMAGESERVER_TESTS_SUPPORT_PATIENCE_H_
#define IMAGESERVER_TESTS_SUPPORT_PATIENCE_H_

#include <chrono>
#include <thread>

namespace imageserver::testing {

// A guard against hanging, far above what anything takes on a slow machine; nothing is measured.
inline constexpr std::chrono::seconds kPatience{60};

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

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_PATIENCE_H_
