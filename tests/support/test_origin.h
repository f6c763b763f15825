// A server of originals in the test's own process. It does what the test says, right or wrong.

#ifndef IMAGESERVER_TESTS_SUPPORT_TEST_ORIGIN_H_
#define IMAGESERVER_TESTS_SUPPORT_TEST_ORIGIN_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "support/raw_socket.h"

namespace imageserver::testing {

// An answer with a Content-Length. `fields`: whole lines, each with its end.
[[nodiscard]] std::string answer(std::string_view status, std::string_view fields,
                                 std::string_view body);

// The same with status 200.
[[nodiscard]] std::string original(std::string_view body, std::string_view fields = {});

// Threads: any, concurrently.
class TestOrigin {
 public:
  // What it does with a request. Then it waits for the next one on that connection.
  using Talk = std::function<void(RawSocket& connection)>;

  TestOrigin();

  // Waits until all connections have ended. REQUIRES: nobody keeps one open.
  ~TestOrigin();

  TestOrigin(const TestOrigin&) = delete;
  TestOrigin& operator=(const TestOrigin&) = delete;

  // How it answers requests for a path from now on. Before, the answer is a 404.
  void on(const std::string& path, Talk talk);
  void on(const std::string& path, std::string answer);

  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
  [[nodiscard]] std::string url(std::string_view path) const;

  // The heads of all requests so far.
  [[nodiscard]] std::vector<std::string> heads() const;
  [[nodiscard]] std::size_t asked() const { return heads().size(); }

  [[nodiscard]] int connections() const;  // that were made so far
  [[nodiscard]] int open() const;         // of them
  [[nodiscard]] int most_open() const;    // at a time

 private:
  void accept_all();
  void serve(RawSocket connection);
  [[nodiscard]] Talk talk_for(const std::string& head);

  RawListener listener_;
  mutable Mutex mutex_;
  std::map<std::string, Talk, std::less<>> talks_ IMAGESERVER_GUARDED_BY(mutex_);
  std::vector<std::string> heads_ IMAGESERVER_GUARDED_BY(mutex_);
  int connections_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
  int open_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
  int most_open_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
  bool stopped_ IMAGESERVER_GUARDED_BY(mutex_) = false;
  std::deque<std::thread> threads_;  // of the connections; of accept_all() alone while it runs
  std::thread accepting_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_TEST_ORIGIN_H_
