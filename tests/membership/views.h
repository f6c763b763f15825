// What a discovery has told, for a test that waits for it.

#ifndef IMAGESERVER_TESTS_MEMBERSHIP_VIEWS_H_
#define IMAGESERVER_TESTS_MEMBERSHIP_VIEWS_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "membership/view.h"
#include "support/patience.h"

namespace imageserver::testing {

// Threads: any. Outlives the discovery that it listens to.
class Views {
 public:
  [[nodiscard]] std::function<void(View)> sink() {
    return [this](View view) {
      const std::lock_guard lock(mutex_);
      ++count_;
      last_ = std::move(view);
    };
  }

  // Waits for a view of exactly these names.
  [[nodiscard]] ::testing::AssertionResult become(const std::vector<std::string>& names) const {
    return last_becomes([&](const View& view) { return view.has_value() && *view == names; });
  }

  // Waits for a failing view whose message holds `part`.
  [[nodiscard]] ::testing::AssertionResult fail_with(std::string_view part) const {
    return last_becomes([part](const View& view) {
      return view.has_error() && view.error().message.find(part) != std::string::npos;
    });
  }

  // Waits for one more than there are now.
  [[nodiscard]] bool go_on() const {
    const std::size_t before = count();
    return soon([&] { return count() > before; });
  }

  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  template <class Question>
  [[nodiscard]] ::testing::AssertionResult last_becomes(const Question& question) const {
    const bool so = soon([&] {
      const std::lock_guard lock(mutex_);
      return last_ && question(*last_);
    });
    if (so) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "the last view is " << text();
  }

  [[nodiscard]] std::string text() const {
    const std::lock_guard lock(mutex_);
    if (!last_) return "none";
    if (last_->has_error()) return "a failure: " + last_->error().message;
    return ::testing::PrintToString(**last_);
  }

  mutable std::mutex mutex_;
  std::size_t count_ = 0;
  std::optional<View> last_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_MEMBERSHIP_VIEWS_H_
