// Preloaded into a process (LD_PRELOAD), it answers what DNS would, and leads connections to public
// addresses to the loopback. The environment says how:
//
//   IMAGESERVER_FAKE_NAMES   words `NAME=ADDRESS,ADDRESS;ADDRESS`: what a name ending in `.test` is
//                            resolved to, one answer after the other; the last one stays
//   IMAGESERVER_FAKE_ROUTES  words `ADDRESS:PORT=PORT`: who connects to the first is led to the
//                            second, of 127.0.0.1; v4 only

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

// The words `KEY=VALUE` of a variable.
std::map<std::string, std::string> words_of(const char* variable) {
  std::map<std::string, std::string> words;
  const char* const text = std::getenv(variable);
  for (const std::string& word : split(text == nullptr ? "" : text, ' ')) {
    const auto equals = word.find('=');
    words[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return words;
}

// The addresses of the next answer for the name; none if nobody knows the name.
std::vector<std::string> next_answer(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, std::size_t> asked;
  static const std::map<std::string, std::string> names = words_of("IMAGESERVER_FAKE_NAMES");
  const auto found = names.find(name);
  if (found == names.end()) return {};
  const std::vector<std::string> answers = split(found->second, ';');
  const std::lock_guard lock(mutex);
  const std::size_t turn = std::min(asked[name]++, answers.size() - 1);
  return split(answers[turn], ',');
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

// Where the route for the address leads to; itself if there is none.
sockaddr_in routed(const sockaddr_in& address) {
  static const std::map<std::string, std::string> routes = words_of("IMAGESERVER_FAKE_ROUTES");
  char text[INET_ADDRSTRLEN] = {};
  inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
  const auto found = routes.find(text + (':' + std::to_string(ntohs(address.sin_port))));
  if (found == routes.end()) return address;
  sockaddr_in led = address;
  led.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  led.sin_port = htons(static_cast<std::uint16_t>(std::stoi(found->second)));
  return led;
}

}  // namespace

extern "C" {

// freeaddrinfo() frees a list of several lists as it does one of its own.
int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  static auto* const ask = real<decltype(getaddrinfo)>("getaddrinfo");
  if (name == nullptr || !std::string_view(name).ends_with(".test")) {
    return ask(name, service, hints, found);
  }
  addrinfo** end = found;
  *found = nullptr;
  for (const std::string& address : next_answer(name)) {
    if (ask(address.c_str(), service, hints, end) != 0) *end = nullptr;
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  return *found == nullptr ? EAI_NONAME : 0;
}

int connect(int socket, const sockaddr* to, socklen_t size) {
  static auto* const dial = real<decltype(connect)>("connect");
  if (to->sa_family != AF_INET) return dial(socket, to, size);
  sockaddr_in address{};
  std::memcpy(&address, to, sizeof address);
  const sockaddr_in led = routed(address);
  return dial(socket, reinterpret_cast<const sockaddr*>(&led), sizeof led);
}
}
