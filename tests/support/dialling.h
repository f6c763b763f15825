// Where the connections of this process lead, under a test's control: so it has a public Internet
// of its own.
//
// A program that has it defines connect() and getaddrinfo() itself, so that libraries call these.

#ifndef IMAGESERVER_TESTS_SUPPORT_DIALLING_H_
#define IMAGESERVER_TESTS_SUPPORT_DIALLING_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace imageserver::testing {

// While it lives, it counts the connections over IPv4, and may lead them elsewhere. One at a time.
// Threads: any, concurrently.
class Dialling {
 public:
  Dialling();
  ~Dialling();
  Dialling(const Dialling&) = delete;
  Dialling& operator=(const Dialling&) = delete;

  // Whoever connects there is connected to a port of 127.0.0.1 from now on.
  void lead(const std::string& address, std::uint16_t port, std::uint16_t to);

  // A name that DNS is asked for has these addresses of IPv4 from now on.
  void name(const std::string& host, std::vector<std::string> addresses);

  // How often somebody connected there, or tried to.
  [[nodiscard]] int count(const std::string& address, std::uint16_t port) const;

  // Of the Dialling that lives, if one does.
  struct Hooks;

 private:
  using Place = std::pair<std::string, std::uint16_t>;

  mutable Mutex mutex_;
  std::map<Place, std::uint16_t> leads_ IMAGESERVER_GUARDED_BY(mutex_);
  std::map<std::string, std::vector<std::string>> names_ IMAGESERVER_GUARDED_BY(mutex_);
  std::map<Place, int> counts_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_DIALLING_H_
