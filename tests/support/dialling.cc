#include "support/dialling.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstring>

namespace imageserver::testing {
namespace {

std::atomic<Dialling*> present = nullptr;

// What the program would have called.
template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::string text_of(const in_addr& address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address, text.data(), text.size());
  return text.data();
}

}  // namespace

struct Dialling::Hooks {
  static std::optional<std::uint16_t> dial(const sockaddr_in& to) {
    Dialling* const dialling = present;
    if (dialling == nullptr) return std::nullopt;
    const Place place(text_of(to.sin_addr), ntohs(to.sin_port));
    const MutexLock lock(dialling->mutex_);
    ++dialling->counts_[place];
    const auto lead = dialling->leads_.find(place);
    return lead == dialling->leads_.end() ? std::nullopt : std::optional(lead->second);
  }

  static std::vector<std::string> look_up(const std::string& host) {
    Dialling* const dialling = present;
    if (dialling == nullptr) return {};
    const MutexLock lock(dialling->mutex_);
    const auto found = dialling->names_.find(host);
    return found == dialling->names_.end() ? std::vector<std::string>() : found->second;
  }
};

Dialling::Dialling() { present = this; }

Dialling::~Dialling() { present = nullptr; }

void Dialling::lead(const std::string& address, std::uint16_t port, std::uint16_t to) {
  const MutexLock lock(mutex_);
  leads_[{address, port}] = to;
}

void Dialling::name(const std::string& host, std::vector<std::string> addresses) {
  const MutexLock lock(mutex_);
  names_[host] = std::move(addresses);
}

int Dialling::count(const std::string& address, std::uint16_t port) const {
  const MutexLock lock(mutex_);
  const auto found = counts_.find({address, port});
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace imageserver::testing

using imageserver::testing::Dialling;

extern "C" {

int connect(int socket, const sockaddr* address, socklen_t size) {
  static auto* const real_connect = imageserver::testing::real<decltype(connect)>("connect");
  if (address->sa_family != AF_INET) return real_connect(socket, address, size);
  sockaddr_in to{};
  std::memcpy(&to, address, sizeof to);
  const auto port = Dialling::Hooks::dial(to);
  if (!port) return real_connect(socket, address, size);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(*port);
  return real_connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

// Of a list of addresses each is a list of its own, which glibc lets be chained.
int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
  static auto* const real_look_up =
      imageserver::testing::real<decltype(getaddrinfo)>("getaddrinfo");
  const auto addresses = Dialling::Hooks::look_up(host == nullptr ? "" : host);
  if (addresses.empty()) return real_look_up(host, service, hints, found);
  addrinfo numbers = hints == nullptr ? addrinfo{} : *hints;
  numbers.ai_flags |= AI_NUMERICHOST;
  addrinfo** end = found;
  for (const std::string& address : addresses) {
    const int error = real_look_up(address.c_str(), service, &numbers, end);
    if (error != 0) return error;
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  return 0;
}
}
