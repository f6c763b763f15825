// A plain HTTP client on a blocking socket: says exactly what it is told to.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_HTTP_CLIENT_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_HTTP_CLIENT_H_

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "support/patience.h"

namespace imageserver::testing {

struct Reply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  [[nodiscard]] bool has(std::string_view name) const;

  // The values of that name joined by ", "; empty if there is none.
  [[nodiscard]] std::string field(std::string_view name) const;
};

// A whole request without a body; `fields` are whole lines, each with its \r\n.
[[nodiscard]] std::string request_text(std::string_view method, std::string_view target,
                                       std::string_view fields = {});

// The other side closed before the first byte of an answer. What was asked on a connection that had
// been used before may be asked once more on a new one: it was perhaps closed for being idle.
class Unanswered : public std::runtime_error {
 public:
  Unanswered() : std::runtime_error("closed before an answer") {}
};

// One connection. Throws if the other side closes early, or lets it wait longer than patience
// lasts.
class Client {
 public:
  explicit Client(std::uint16_t port, std::chrono::seconds patience = kPatience);

  void send(std::string_view bytes);

  // False if the other side has closed.
  [[nodiscard]] bool try_send(std::string_view bytes);

  // The next answer of those that come in; `with_body` false: it answers a HEAD.
  Reply read(bool with_body = true);

  // send() and read().
  Reply get(std::string_view target, std::string_view fields = {});
  Reply head(std::string_view target, std::string_view fields = {});

  // Whether the other side closes the connection without another byte. Waits for one or the other.
  [[nodiscard]] bool is_closed();

  // Ends this side; answers can still be read.
  void end_sending();

  // Closes so that the other side sees an error at once.
  void reset();

 private:
  bool receive();
  std::string take(std::size_t size);
  std::string take_line();

  UniqueFd socket_;
  std::string received_;
};

// One request on a connection of its own.
Reply get(std::uint16_t port, std::string_view target, std::string_view fields = {});

// Whether anybody listens there.
[[nodiscard]] bool can_connect(std::uint16_t port);

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_HTTP_CLIENT_H_
