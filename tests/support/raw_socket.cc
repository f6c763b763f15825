#include "support/raw_socket.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <stdexcept>

#include "support/patience.h"

namespace imageserver {
namespace {

int make_socket() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw std::runtime_error("socket");
  return descriptor;
}

void be_patient(int descriptor) {
  const timeval patience{testing::kShortPatience.count(), 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::size_t to_size(const std::string& text) {
  std::size_t size = 0;
  std::from_chars(text.data(), text.data() + text.size(), size);
  return size;
}

}  // namespace

std::string RawAnswer::field(std::string_view name) const {
  const std::string start = "\r\n" + std::string(name) + ": ";
  const auto at = head.find(start);
  if (at == std::string::npos) return {};
  const auto begin = at + start.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

std::string RawAnswer::head_without_date() const {
  std::string rest = head;
  const auto at = rest.find("Date: ");
  if (at != std::string::npos) rest.erase(at, rest.find("\r\n", at) + 2 - at);
  return rest;
}

RawSocket RawSocket::connect(std::uint16_t port) {
  RawSocket made(make_socket());
  connect(made, port);
  return made;
}

RawSocket RawSocket::connect_from(const std::string& address, std::uint16_t port) {
  RawSocket made(make_socket());
  sockaddr_in own = loopback(0);
  if (::inet_pton(AF_INET, address.c_str(), &own.sin_addr) != 1 ||
      ::bind(made.descriptor_, reinterpret_cast<const sockaddr*>(&own), sizeof(own)) != 0) {
    throw std::runtime_error("bind");
  }
  connect(made, port);
  return made;
}

RawSocket RawSocket::connect_with_buffer(std::uint16_t port, int bytes) {
  RawSocket made(make_socket());
  ::setsockopt(made.descriptor_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
  connect(made, port);
  return made;
}

void RawSocket::connect(const RawSocket& socket, std::uint16_t port) {
  be_patient(socket.descriptor_);
  const sockaddr_in address = loopback(port);
  if (::connect(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) !=
      0) {
    throw std::runtime_error("connect");
  }
}

bool RawSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawSocket::send_split(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) send(bytes.substr(i, 1));
}

std::size_t RawSocket::receive(std::span<char> buffer) {
  const auto got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (got >= 0) return static_cast<std::size_t>(got);
  if (errno == EAGAIN) {
    ADD_FAILURE() << "the other side neither says anything nor ends";
    hang_up();
  }
  return 0;
}

bool RawSocket::receive() {
  std::array<char, 65536> buffer;
  const std::size_t got = receive(buffer);
  received_.append(buffer.data(), got);
  return got > 0;
}

std::string RawSocket::read_head() {
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return std::exchange(received_, {});
  }
  std::string head = received_.substr(0, end + 4);
  received_.erase(0, end + 4);
  return head;
}

RawAnswer RawSocket::read_answer(bool of_head) {
  RawAnswer answer;
  answer.head = read_head();
  if (!answer.head.starts_with("HTTP/1.1 ") || !answer.head.ends_with("\r\n\r\n")) return {};
  const int status = static_cast<int>(to_size(answer.head.substr(9, 3)));
  const std::size_t size = of_head ? 0 : to_size(answer.field("Content-Length"));
  while (received_.size() < size) {
    if (!receive()) return {};
  }
  answer.body = received_.substr(0, size);
  received_.erase(0, size);
  answer.status = status;
  return answer;
}

std::string RawSocket::read_to_end() {
  while (receive()) {
  }
  return std::exchange(received_, {});
}

std::string RawSocket::read_some(std::size_t most) {
  if (!received_.empty()) {
    std::string first = received_.substr(0, most);
    received_.erase(0, most);
    return first;
  }
  std::string bytes(most, '\0');
  bytes.resize(receive(bytes));
  return bytes;
}

void RawSocket::end_sending() { ::shutdown(descriptor_, SHUT_WR); }

void RawSocket::hang_up() { ::shutdown(descriptor_, SHUT_RDWR); }

void RawSocket::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void RawSocket::reset() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  close();
}

RawListener::RawListener(int backlog) : descriptor_(make_socket()) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(descriptor_, generic, size) != 0 || ::listen(descriptor_, backlog) != 0 ||
      ::getsockname(descriptor_, generic, &size) != 0) {
    throw std::runtime_error("listen");
  }
  port_ = ntohs(address.sin_port);
}

RawListener::~RawListener() { ::close(descriptor_); }

RawSocket RawListener::accept() {
  constexpr std::chrono::milliseconds kPatience = testing::kShortPatience;
  pollfd connects{.fd = descriptor_, .events = POLLIN, .revents = 0};
  if (::poll(&connects, 1, static_cast<int>(kPatience.count())) == 0)
    throw std::runtime_error("nobody connects");
  return accept_any_time();
}

RawSocket RawListener::accept_any_time() {
  const int accepted = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
  be_patient(accepted);
  return RawSocket(accepted);
}

void RawListener::stop() { ::shutdown(descriptor_, SHUT_RDWR); }

}  // namespace imageserver
