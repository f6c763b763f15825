#include "support/name_servers.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "support/patience.h"

namespace imageserver::testing {
namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kTypeAndClass = 4;
constexpr int kPollMilliseconds = 20;

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

UniqueFd bind_packets(in_addr_t host, std::uint16_t port) {
  UniqueFd bound(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  check(bound.get(), "socket");
  const int on = 1;
  check(setsockopt(bound.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "SO_REUSEADDR");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(host);
  address.sin_port = htons(port);
  check(bind(bound.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  return bound;
}

std::string two_bytes(std::size_t number) {
  return {static_cast<char>(number >> 8U), static_cast<char>(number & 255U)};
}

// Header and question of a query with one question.
std::string_view question_of(std::string_view query) {
  const std::size_t name_end = query.find('\0', kHeader);
  return query.substr(0, name_end + 1 + kTypeAndClass);
}

std::string message_of(std::string_view question, const ScriptedNameServer::Reply& reply) {
  std::string message(question);
  message[2] = '\x85';  // an answer, from who knows, and recursion was desired
  message[3] = static_cast<char>(reply.code);
  message.replace(6, 2, two_bytes(reply.records.size()));
  message.replace(8, 4, 4, '\0');
  const std::string type_and_class(question.substr(question.size() - kTypeAndClass));
  for (const std::string& data : reply.records) {
    message.append("\xc0\x0c").append(type_and_class).append(4, '\0');
    message.append(two_bytes(data.size())).append(data);
  }
  return message;
}

}  // namespace

// The port's own address is more exact than every address: packets go to dnsmasq while it runs.
Dnsmasq::Dnsmasq() : packets_(bind_packets(INADDR_ANY, port_.number())) {}

void Dnsmasq::start(const std::vector<std::string>& records) {
  stop();
  std::vector<std::string> words = {IMAGESERVER_DNSMASQ,
                                    "--keep-in-foreground",
                                    "--conf-file=/dev/null",
                                    "--pid-file=",
                                    "--user=",
                                    "--log-facility=-",
                                    "--no-resolv",
                                    "--no-hosts",
                                    "--local=/test/",
                                    "--listen-address=127.0.0.1",
                                    "--bind-interfaces",
                                    "--port=" + std::to_string(port_.number())};
  words.insert(words.end(), records.begin(), records.end());
  process_.emplace(words);
  const auto started = [this] {
    return process_->errors().find("started") != std::string::npos || !process_->is_running();
  };
  if (!eventually(started) || !process_->is_running()) {
    throw std::runtime_error("dnsmasq does not start: " + process_->errors());
  }
}

void Dnsmasq::stop() { process_.reset(); }

ScriptedNameServer::ScriptedNameServer(std::function<Reply(Type)> script)
    : script_(std::move(script)),
      socket_(bind_packets(INADDR_LOOPBACK, 0)),
      thread_([this] { run(); }) {}

ScriptedNameServer::~ScriptedNameServer() { stopping_ = true; }

std::string ScriptedNameServer::address() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  check(getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

void ScriptedNameServer::run() {
  while (!stopping_) {
    pollfd readable{socket_.get(), POLLIN, 0};
    if (poll(&readable, 1, kPollMilliseconds) > 0) answer();
  }
}

void ScriptedNameServer::answer() {
  std::array<char, 512> query{};
  sockaddr_in from{};
  socklen_t size = sizeof from;
  auto* const to = reinterpret_cast<sockaddr*>(&from);
  const ssize_t read = recvfrom(socket_.get(), query.data(), query.size(), 0, to, &size);
  if (read < static_cast<ssize_t>(kHeader + 1 + kTypeAndClass)) return;
  ++queries_;
  const auto question = question_of({query.data(), static_cast<std::size_t>(read)});
  const auto type = static_cast<unsigned char>(question[question.size() - kTypeAndClass + 1]);
  const Reply reply = script_(static_cast<Type>(type));
  if (reply.silent) return;
  const std::string message = message_of(question, reply);
  static_cast<void>(sendto(socket_.get(), message.data(), message.size(), 0, to, size));
}

}  // namespace imageserver::testing
