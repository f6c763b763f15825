#include "membership/dns_query.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace imageserver {
namespace {

constexpr int kTryMilliseconds = 2000;
constexpr int kTries = 2;
constexpr timeval kLongestWait{1, 0};

// What became of one query.
struct DnsReply {
  bool ended = false;
  int status = ARES_ECANCELLED;
  std::vector<std::string> found;  // addresses, or `target:port`
};

// Whether the server knew: there are records, or there are none.
bool is_certain(int status) {
  return status == ARES_SUCCESS || status == ARES_ENODATA || status == ARES_ENOTFOUND;
}

std::vector<std::string> addresses_of(const hostent& host) {
  std::vector<std::string> found;
  for (char** raw = host.h_addr_list; *raw != nullptr; ++raw) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (inet_ntop(host.h_addrtype, *raw, text.data(), text.size()) == nullptr) continue;
    found.emplace_back(text.data());
  }
  return found;
}

std::string lower_without_dot(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return ascii_lower(name);
}

// A record whose target is the root says that there is no such service (RFC 2782).
std::vector<std::string> targets_of(const ares_srv_reply* record) {
  std::vector<std::string> found;
  for (; record != nullptr; record = record->next) {
    const std::string host = lower_without_dot(record->host);
    if (!host.empty()) found.push_back(host + ':' + std::to_string(record->port));
  }
  return found;
}

void take_host(void* into, int status, int /*timeouts*/, hostent* host) {
  DnsReply& answer = *static_cast<DnsReply*>(into);
  answer.ended = true;
  answer.status = status;
  if (status == ARES_SUCCESS) answer.found = addresses_of(*host);
}

void take_srv(void* into, int status, int /*timeouts*/, unsigned char* message, int size) {
  DnsReply& answer = *static_cast<DnsReply*>(into);
  answer.ended = true;
  answer.status = status;
  if (status != ARES_SUCCESS) return;
  ares_srv_reply* records = nullptr;
  answer.status = ares_parse_srv_reply(message, size, &records);
  const std::unique_ptr<ares_srv_reply, void (*)(void*)> owner(records, ares_free_data);
  answer.found = targets_of(records);
}

// The queries of one look, and the sockets they use.
class Channel {
 public:
  // REQUIRES: initialise() before anything else.
  Channel() = default;

  // Queries under way end with ARES_EDESTRUCTION.
  ~Channel() {
    if (channel_ != nullptr) ares_destroy(channel_);
  }

  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // An ARES_ status.
  int initialise(const std::string& server) {
    ares_options options{};
    options.timeout = kTryMilliseconds;
    options.tries = kTries;
    options.sock_state_cb = [](void* self, ares_socket_t socket, int reads, int writes) {
      static_cast<Channel*>(self)->note(socket, reads != 0, writes != 0);
    };
    options.sock_state_cb_data = this;
    const int status = ares_init_options(
        &channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
    if (status != ARES_SUCCESS || server.empty()) return status;
    return ares_set_servers_ports_csv(channel_, server.c_str());
  }

  [[nodiscard]] ares_channel get() const { return channel_; }

  // Until every query has ended, or `stop` can be read: then they are cancelled.
  void run(std::span<const DnsReply> answers, int stop) {
    while (!std::ranges::all_of(answers, &DnsReply::ended)) {
      timeval longest = kLongestWait;
      timeval time{};
      const timeval* const next = ares_timeout(channel_, &longest, &time);
      if (wait(stop, next->tv_sec * 1000 + next->tv_usec / 1000 + 1)) return ares_cancel(channel_);
    }
  }

 private:
  void note(ares_socket_t socket, bool reads, bool writes) {
    if (!reads && !writes) {
      sockets_.erase(socket);
      return;
    }
    const int events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
    sockets_[socket] = static_cast<short>(events);
  }

  // True if `stop` can be read.
  bool wait(int stop, long time) {
    std::vector<pollfd> polled = {{stop, POLLIN, 0}};
    for (const auto& [socket, events] : sockets_) polled.push_back({socket, events, 0});
    static_cast<void>(poll(polled.data(), polled.size(), static_cast<int>(time)));
    if (polled.front().revents != 0) return true;
    for (std::size_t i = 1; i < polled.size(); ++i) process(polled[i]);
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // what has taken too long
    return false;
  }

  // A socket may be closed by what is done for an earlier one: c-ares ignores it then.
  void process(const pollfd& polled) {
    const bool failed = (polled.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    const bool reads = failed || (polled.revents & POLLIN) != 0;
    const bool writes = (polled.revents & POLLOUT) != 0;
    if (!reads && !writes) return;
    ares_process_fd(channel_, reads ? polled.fd : ARES_SOCKET_BAD,
                    writes ? polled.fd : ARES_SOCKET_BAD);
  }

  std::map<ares_socket_t, short> sockets_;
  ares_channel channel_ = nullptr;
};

Error failure(const DnsSpec& spec, std::string_view kind, int status) {
  std::string message = "DNS: " + spec.name + ' ';
  message.append(kind).append(": ").append(ares_strerror(status));
  return membership_error(std::move(message));
}

View named(const DnsSpec& spec, std::vector<std::string> names) {
  if (names.empty()) return membership_error("DNS: " + spec.name + ": no records");
  View view = make_view(std::move(names));
  if (view) return view;
  return membership_error("DNS: " + spec.name + ": " + view.error().message);
}

// c-ares keeps pointers to the answers until the channel is gone.
using DnsReplies = std::array<DnsReply, 2>;

View query_host(Channel& channel, DnsReplies& answers, const DnsSpec& spec, int stop) {
  auto& [v4, v6] = answers;
  ares_gethostbyname(channel.get(), spec.name.c_str(), AF_INET, take_host, &v4);
  ares_gethostbyname(channel.get(), spec.name.c_str(), AF_INET6, take_host, &v6);
  channel.run(answers, stop);
  if (!is_certain(v4.status)) return failure(spec, "A", v4.status);
  if (!is_certain(v6.status)) return failure(spec, "AAAA", v6.status);
  std::vector<std::string> names = std::move(v4.found);
  for (const auto& address : v6.found) names.push_back(std::string("[").append(address) += ']');
  for (auto& name : names) name.append(":").append(std::to_string(*spec.port));
  return named(spec, std::move(names));
}

View query_srv(Channel& channel, DnsReplies& answers, const DnsSpec& spec, int stop) {
  DnsReply& answer = answers.front();
  ares_search(channel.get(), spec.name.c_str(), ns_c_in, ns_t_srv, take_srv, &answer);
  channel.run({&answer, 1}, stop);
  if (!is_certain(answer.status)) return failure(spec, "SRV", answer.status);
  return named(spec, std::move(answer.found));
}

}  // namespace

View query_dns(const DnsSpec& spec, const std::string& server, int stop) {
  DnsReplies answers;
  Channel channel;
  const int status = channel.initialise(server);
  if (status != ARES_SUCCESS) return failure(spec, "resolver", status);
  return spec.port ? query_host(channel, answers, spec, stop)
                   : query_srv(channel, answers, spec, stop);
}

}  // namespace imageserver
