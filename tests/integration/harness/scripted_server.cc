#include "integration/harness/scripted_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace imageserver::testing {
namespace {

constexpr int kPollMilliseconds = 20;

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in loopback(const Port& port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port.number());
  return address;
}

UniqueFd listen_on(const Port& port, int backlog) {
  UniqueFd listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  check(listener.get(), "socket");
  const int on = 1;
  check(setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "SO_REUSEADDR");
  const sockaddr_in address = loopback(port);
  check(bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  check(listen(listener.get(), backlog), "listen");
  return listener;
}

// Whether there is something to read, or the end, within one poll.
bool readable(const UniqueFd& socket) {
  pollfd entry{socket.get(), POLLIN, 0};
  return poll(&entry, 1, kPollMilliseconds) > 0;
}

// False if the other side does not take it any more, or it is time to stop.
bool send_all(const UniqueFd& socket, std::string_view bytes, const std::atomic<bool>& stopping) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR) && !stopping) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool has_ended(const UniqueFd& socket) {
  char byte = 0;
  const ssize_t size = recv(socket.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR);
}

void reset(const UniqueFd& socket) {
  const linger at_once{1, 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

std::string answer_text(int status, std::string_view fields, std::string_view body) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n";
  text.append(fields).append("Content-Length: ").append(std::to_string(body.size()));
  return text.append("\r\n\r\n").append(body);
}

std::string target_of(const std::string& head) {
  const auto begin = head.find(' ') + 1;
  return head.substr(begin, head.find(' ', begin) - begin);
}

ScriptedServer::ScriptedServer(Answer answer)
    : ScriptedServer(std::make_shared<Port>(), std::move(answer)) {}

ScriptedServer::ScriptedServer(std::shared_ptr<const Port> port, Answer answer)
    : port_(std::move(port)),
      listener_(listen_on(*port_, SOMAXCONN)),
      answer_(std::move(answer)),
      acceptor_([this] { accept_all(); }) {}

ScriptedServer::~ScriptedServer() { stopping_ = true; }

void ScriptedServer::accept_all() {
  while (!stopping_) {
    if (!readable(listener_)) continue;
    const int socket = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    connections_.emplace_back([this, socket] { serve(UniqueFd(socket)); });
  }
  connections_.clear();
}

void ScriptedServer::serve(const UniqueFd& socket) {
  const int open = ++open_;
  int most = most_open_;
  while (open > most && !most_open_.compare_exchange_weak(most, open)) {
  }
  answer_all(socket);
  --open_;
}

void ScriptedServer::answer_all(const UniqueFd& socket) {
  // A send that waits for room looks now and then whether it is time to stop.
  const timeval a_moment{0, kPollMilliseconds * 1000};
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &a_moment, sizeof a_moment);
  std::string received;
  while (!stopping_) {
    if (!readable(socket)) continue;
    std::array<char, 4096> part;
    const ssize_t size = recv(socket.get(), part.data(), part.size(), 0);
    if (size <= 0) return;
    received.append(part.data(), static_cast<std::size_t>(size));
    const auto end = received.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    const std::string head = received.substr(0, end + 2);
    received.erase(0, end + 4);
    if (!perform(socket, answer_(head))) return;
  }
}

// False if that was the last of the connection.
bool ScriptedServer::perform(const UniqueFd& socket, const Script& script) const {
  if (!send_all(socket, script.bytes, stopping_)) return false;
  switch (script.then) {
    case Script::Then::kKeep:
      return true;
    case Script::Then::kClose:
      return false;
    case Script::Then::kReset:
      reset(socket);
      return false;
    case Script::Then::kSilent:
      wait_for_end(socket);
      return false;
    case Script::Then::kRepeat:
      repeat(socket, script);
      wait_for_end(socket);
      return false;
  }
  return false;
}

void ScriptedServer::repeat(const UniqueFd& socket, const Script& script) const {
  for (int sent = 0; script.times == 0 || sent < script.times; ++sent) {
    if (stopping_ || has_ended(socket) || !send_all(socket, script.more, stopping_)) return;
    std::this_thread::sleep_for(script.pause);
  }
}

void ScriptedServer::wait_for_end(const UniqueFd& socket) const {
  while (!stopping_ && !has_ended(socket)) static_cast<void>(poll(nullptr, 0, kPollMilliseconds));
}

}  // namespace imageserver::testing
