// A place of a server, under a test's control.

#ifndef IMAGESERVER_TESTS_SUPPORT_REMOTE_SOURCE_H_
#define IMAGESERVER_TESTS_SUPPORT_REMOTE_SOURCE_H_

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source/source.h"

namespace imageserver::testing {

// The name of an original is `base` and its path; there is none without a path. Fetches end when
// the test says so, or at once.
class RemoteSource final : public Source {
 public:
  explicit RemoteSource(std::string base) : base_(std::move(base)) {}

  [[nodiscard]] std::optional<std::string> name_of(std::string_view path) const override {
    if (path.empty()) return std::nullopt;
    return base_ + std::string(path);
  }

  [[nodiscard]] bool blocks() const override { return false; }

  [[nodiscard]] std::size_t fits(std::string_view name) const override {
    return name.starts_with(base_) ? base_.size() : 0;
  }

  void fetch(FetchRequest request, std::stop_token stop, Done done) override {
    requests.push_back(std::move(request));
    stops.push_back(std::move(stop));
    done_ = std::move(done);
    if (at_once) end(*at_once);
  }

  // Ends the last fetch.
  void end(const Result<FetchedOriginal>& result) { std::exchange(done_, nullptr)(result); }

  std::optional<Result<FetchedOriginal>> at_once;  // how fetches end at once
  std::vector<FetchRequest> requests;
  std::vector<std::stop_token> stops;

 private:
  const std::string base_;
  Done done_;
};

[[nodiscard]] inline FetchedOriginal original_of(std::string_view bytes) {
  return {.bytes = Bytes::copy(bytes)};
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_REMOTE_SOURCE_H_
