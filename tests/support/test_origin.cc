#include "support/test_origin.h"

#include <algorithm>
#include <utility>

namespace imageserver::testing {
namespace {

// `/a.jpg` of `GET /a.jpg HTTP/1.1`.
std::string path_in(const std::string& head) {
  const std::size_t begin = head.find(' ') + 1;
  return head.substr(begin, head.find(' ', begin) - begin);
}

}  // namespace

std::string answer(std::string_view status, std::string_view fields, std::string_view body) {
  std::string all = "HTTP/1.1 ";
  all.append(status).append("\r\nContent-Length: ").append(std::to_string(body.size()));
  return all.append("\r\n").append(fields).append("\r\n").append(body);
}

std::string original(std::string_view body, std::string_view fields) {
  return answer("200 OK", fields, body);
}

TestOrigin::TestOrigin() : accepting_([this] { accept_all(); }) {}

TestOrigin::~TestOrigin() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  listener_.stop();
  accepting_.join();
  for (std::thread& thread : threads_) thread.join();
}

void TestOrigin::on(const std::string& path, Talk talk) {
  const MutexLock lock(mutex_);
  talks_[path] = std::move(talk);
}

void TestOrigin::on(const std::string& path, std::string answer) {
  on(path, [answer = std::move(answer)](RawSocket& connection) { connection.send(answer); });
}

std::string TestOrigin::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port()).append(path);
}

std::vector<std::string> TestOrigin::heads() const {
  const MutexLock lock(mutex_);
  return heads_;
}

int TestOrigin::connections() const {
  const MutexLock lock(mutex_);
  return connections_;
}

int TestOrigin::open() const {
  const MutexLock lock(mutex_);
  return open_;
}

int TestOrigin::most_open() const {
  const MutexLock lock(mutex_);
  return most_open_;
}

void TestOrigin::accept_all() {
  while (true) {
    RawSocket connection = listener_.accept_any_time();
    const MutexLock lock(mutex_);
    if (stopped_) return;
    ++connections_;
    most_open_ = std::max(most_open_, ++open_);
    threads_.emplace_back(
        [this, taken = std::move(connection)]() mutable { serve(std::move(taken)); });
  }
}

void TestOrigin::serve(RawSocket connection) {
  while (true) {
    const std::string head = connection.read_head();
    if (head.empty()) break;
    talk_for(head)(connection);
  }
  connection.close();
  const MutexLock lock(mutex_);
  --open_;
}

TestOrigin::Talk TestOrigin::talk_for(const std::string& head) {
  const MutexLock lock(mutex_);
  heads_.push_back(head);
  const auto found = talks_.find(path_in(head));
  if (found != talks_.end()) return found->second;
  return [](RawSocket& connection) { connection.send(answer("404 Not Found", {}, "none here")); };
}

}  // namespace imageserver::testing
