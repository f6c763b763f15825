// What tests of fetches share: an origin, and a fetcher that runs on the test's own thread.

#ifndef IMAGESERVER_TESTS_SOURCE_FETCH_TEST_H_
#define IMAGESERVER_TESTS_SOURCE_FETCH_TEST_H_

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/io_pool.h"
#include "source/http_fetcher.h"
#include "support/captured_log.h"
#include "support/dialling.h"
#include "support/patience.h"
#include "support/test_origin.h"

namespace imageserver::testing {

// A time-out that no test runs into.
inline constexpr std::chrono::hours kNever{1};

class FetchTest : public ::testing::Test {
 protected:
  FetchTest() {
    terms_.addresses = AddressRules::parse("127.0.0.0/8").value();
    terms_.connect = kNever;
    terms_.first_byte = kNever;
    terms_.whole = kNever;
  }

  // A fetch under way, and how it ended.
  struct Fetch {
    std::optional<Result<FetchedOriginal>> result;
    std::stop_source stop;
  };
  using FetchPtr = std::shared_ptr<Fetch>;

  static HttpQuestion question(const std::string& url, std::vector<std::string> fields = {}) {
    return {.url = parse_origin_url(url).value(),
            .fields = std::move(fields),
            .known = {},
            .deadline = Deadline::max()};
  }

  // By the terms as they are when it is called first.
  HttpFetcher& fetcher() {
    if (!fetcher_) fetcher_.emplace(io_, terms_);
    return *fetcher_;
  }

  // Closes all connections. What is fetched later is fetched by another fetcher.
  void end_fetches() { fetcher_.reset(); }

  FetchPtr start(HttpQuestion question) {
    auto fetch = std::make_shared<Fetch>();
    fetcher().fetch(std::move(question), fetch->stop.get_token(),
                    [fetch](Result<FetchedOriginal> result) { fetch->result = std::move(result); });
    return fetch;
  }

  FetchPtr start(const std::string& url) { return start(question(url)); }

  // Lets the fetcher run until the answer is yes. False if patience ran out.
  template <class Question>
  [[nodiscard]] bool runs_until(const Question& asked) {
    const auto end = Clock::now() + kShortPatience;
    while (!asked()) {
      if (Clock::now() > end) return false;
      io_.at(0).run_one_for(milliseconds(10));
    }
    return true;
  }

  // Throws if it does not end before patience runs out, which ends the test.
  Result<FetchedOriginal> end_of(const FetchPtr& fetch) {
    if (!runs_until([&] { return fetch->result.has_value(); })) {
      throw std::runtime_error("the fetch does not end");
    }
    return *fetch->result;
  }

  Result<FetchedOriginal> fetch(HttpQuestion question) {
    return end_of(start(std::move(question)));
  }
  Result<FetchedOriginal> fetch(const std::string& url) { return fetch(question(url)); }

  // What was fetched, or the error's message.
  std::string content(HttpQuestion question) {
    const Result<FetchedOriginal> fetched = fetch(std::move(question));
    return fetched.has_value() ? std::string(fetched->bytes.view()) : fetched.error().message;
  }
  std::string content(const std::string& url) { return content(question(url)); }

  // The kind of the error; none if there is no error.
  std::optional<ErrorKind> failure(HttpQuestion question) {
    const Result<FetchedOriginal> fetched = fetch(std::move(question));
    return fetched.has_value() ? std::nullopt : std::optional(fetched.error().kind);
  }
  std::optional<ErrorKind> failure(const std::string& url) { return failure(question(url)); }

  Dialling dialling_;
  CapturedLog log_;
  TestOrigin origin_;
  IoPool io_{1};  // not started
  HttpTerms terms_;

 private:
  std::optional<HttpFetcher> fetcher_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SOURCE_FETCH_TEST_H_
