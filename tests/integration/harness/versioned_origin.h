// An origin with one original, which is replaced.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_VERSIONED_ORIGIN_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_VERSIONED_ORIGIN_H_

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

#include "integration/harness/picture.h"
#include "integration/harness/scripted_server.h"

namespace imageserver::testing {

// One original, which it gives by its tag, as nginx does.
class VersionedOrigin {
 public:
  VersionedOrigin() = default;
  ~VersionedOrigin() { let_go(); }
  VersionedOrigin(const VersionedOrigin&) = delete;
  VersionedOrigin& operator=(const VersionedOrigin&) = delete;

  [[nodiscard]] std::string url() const { return "http://" + server_.port().address(); }

  // From now on it gives that, with those fields.
  void put(std::string bytes, std::string fields = {}) {
    const std::lock_guard lock(mutex_);
    bytes_ = std::move(bytes);
    fields_ = std::move(fields);
    tag_ = '"' + std::to_string(++versions_) + '"';
    status_ = 200;
  }

  // From now on every answer has that status, and is nothing.
  void fail(int status) {
    const std::lock_guard lock(mutex_);
    status_ = status;
  }

  void recover() { fail(200); }

  // From now on requests wait, and are answered with what there is when they came.
  void hold() {
    const std::lock_guard lock(mutex_);
    is_held_ = true;
  }

  void let_go() {
    const std::lock_guard lock(mutex_);
    is_held_ = false;
    let_go_.notify_all();
  }

  // Answers so far: all, and those that said that nothing has changed.
  [[nodiscard]] int answers() const {
    const std::lock_guard lock(mutex_);
    return answers_;
  }
  [[nodiscard]] int unchanged() const {
    const std::lock_guard lock(mutex_);
    return unchanged_;
  }

 private:
  Script answer(const std::string& head) {
    std::unique_lock lock(mutex_);
    ++answers_;
    const Script script = answer_now(head);
    let_go_.wait(lock, [this] { return !is_held_; });
    return script;
  }

  Script answer_now(const std::string& head) {
    if (status_ != 200) return {.bytes = answer_text(status_, "", "nothing")};
    const std::string fields = "ETag: " + tag_ + "\r\n" + fields_;
    if (head.find("If-None-Match: " + tag_ + "\r\n") == std::string::npos) {
      return {.bytes = answer_text(200, fields, bytes_)};
    }
    ++unchanged_;
    return {.bytes = "HTTP/1.1 304 Not Modified\r\n" + fields + "\r\n"};
  }

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable let_go_;
  bool is_held_ = false;
  std::string bytes_ = testdata("small.jpg");
  std::string fields_;
  std::string tag_ = "\"0\"";
  int versions_ = 0;
  int status_ = 200;
  int answers_ = 0;
  int unchanged_ = 0;
  const ScriptedServer server_{[this](const std::string& head) { return answer(head); }};
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_VERSIONED_ORIGIN_H_
