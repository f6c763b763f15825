#include "integration/harness/http_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace imageserver::testing {
namespace {

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

template <class Value>
void set_option(const UniqueFd& socket, int level, int name, const Value& value) {
  if (setsockopt(socket.get(), level, name, &value, sizeof value) != 0) {
    throw std::system_error(errno, std::generic_category(), "setsockopt");
  }
}

// A socket that does not wait for ever; invalid if nobody listens there.
UniqueFd connect_to(std::uint16_t port, std::chrono::seconds patience = kPatience) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{patience.count(), 0};
  set_option(socket, SOL_SOCKET, SO_RCVTIMEO, limit);
  set_option(socket, SOL_SOCKET, SO_SNDTIMEO, limit);
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return UniqueFd();
  }
  return socket;
}

std::pair<std::string, std::string> parse_field(std::string_view line) {
  const auto colon = line.find(": ");
  if (colon == std::string_view::npos) throw std::runtime_error("no field: " + std::string(line));
  return {std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))};
}

int parse_status(std::string_view line) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  if (!line.starts_with(kVersion)) throw std::runtime_error("no status: " + std::string(line));
  return std::stoi(std::string(line.substr(kVersion.size(), 3)));
}

}  // namespace

bool Reply::has(std::string_view name) const {
  for (const auto& [known, value] : fields) {
    if (same(known, name)) return true;
  }
  return false;
}

std::string Reply::field(std::string_view name) const {
  std::string joined;
  for (const auto& [known, value] : fields) {
    if (same(known, name)) joined += (joined.empty() ? "" : ", ") + value;
  }
  return joined;
}

std::string request_text(std::string_view method, std::string_view target,
                         std::string_view fields) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
  return text.append(fields).append("\r\n");
}

Client::Client(std::uint16_t port, std::chrono::seconds patience)
    : socket_(connect_to(port, patience)) {
  if (!socket_.valid()) throw std::system_error(errno, std::generic_category(), "connect");
}

void Client::send(std::string_view bytes) {
  if (!try_send(bytes)) throw std::system_error(errno, std::generic_category(), "send");
}

bool Client::try_send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Reply Client::read(bool with_body) {
  Reply reply;
  reply.status = parse_status(take_line());
  for (std::string line = take_line(); !line.empty(); line = take_line()) {
    reply.fields.push_back(parse_field(line));
  }
  const std::string length = reply.field("Content-Length");
  if (with_body && !length.empty()) reply.body = take(std::stoul(length));
  return reply;
}

Reply Client::get(std::string_view target, std::string_view fields) {
  send(request_text("GET", target, fields));
  return read();
}

Reply Client::head(std::string_view target, std::string_view fields) {
  send(request_text("HEAD", target, fields));
  return read(false);
}

bool Client::is_closed() { return received_.empty() && !receive(); }

void Client::end_sending() { shutdown(socket_.get(), SHUT_WR); }

void Client::reset() {
  set_option(socket_, SOL_SOCKET, SO_LINGER, linger{1, 0});
  socket_ = UniqueFd();
}

// False if the other side has closed.
bool Client::receive() {
  std::array<char, 65536> part;
  const ssize_t size = recv(socket_.get(), part.data(), part.size(), 0);
  if (size < 0 && errno != ECONNRESET) {
    throw std::system_error(errno, std::generic_category(), "no answer");
  }
  if (size <= 0) return false;
  received_.append(part.data(), static_cast<std::size_t>(size));
  return true;
}

std::string Client::take(std::size_t size) {
  while (received_.size() < size) {
    if (!receive()) throw std::runtime_error("closed in the middle of an answer");
  }
  std::string taken = received_.substr(0, size);
  received_.erase(0, size);
  return taken;
}

std::string Client::take_line() {
  std::size_t end = 0;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    if (receive()) continue;
    if (received_.empty()) throw Unanswered();
    throw std::runtime_error("closed in the middle of a line");
  }
  std::string line = take(end + 2);
  line.resize(end);
  return line;
}

Reply get(std::uint16_t port, std::string_view target, std::string_view fields) {
  return Client(port).get(target, fields);
}

bool can_connect(std::uint16_t port) { return connect_to(port).valid(); }

}  // namespace imageserver::testing
