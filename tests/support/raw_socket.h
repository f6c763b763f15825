// Plain blocking sockets for the other end of what is tested: no HTTP in them that could share a
// mistake with ours.

#ifndef IMAGESERVER_TESTS_SUPPORT_RAW_SOCKET_H_
#define IMAGESERVER_TESTS_SUPPORT_RAW_SOCKET_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace imageserver {

struct RawAnswer {
  int status = 0;
  std::string head;  // with the empty line
  std::string body;

  // The value of a field; empty if there is none.
  [[nodiscard]] std::string field(std::string_view name) const;

  // The head but for its Date.
  [[nodiscard]] std::string head_without_date() const;
};

// Every wait ends when patience runs out (patience.h). For bytes that do not come the test then
// fails, and the connection is taken for one that has ended.
class RawSocket {
 public:
  explicit RawSocket(int descriptor) : descriptor_(descriptor) {}
  static RawSocket connect(std::uint16_t port);

  // From another address of the loopback, such as 127.0.0.2.
  static RawSocket connect_from(const std::string& address, std::uint16_t port);

  // The kernel keeps about that much of what is not read, and not more the faster it is read; with
  // little it also acknowledges little at a time.
  static RawSocket connect_with_buffer(std::uint16_t port, int bytes);

  ~RawSocket() { close(); }
  RawSocket(RawSocket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), received_(std::move(other.received_)) {}
  RawSocket& operator=(RawSocket&&) = delete;

  // False if the other side has closed.
  bool send(std::string_view bytes);

  // Sends byte after byte, each in a packet of its own.
  void send_split(std::string_view bytes);

  // The next answer. Status 0 if the connection ended before it was whole.
  RawAnswer read_answer(bool of_head = false);

  // Up to and with the first empty line; what has come if the connection ends earlier.
  std::string read_head();

  // Everything until the other side ends.
  std::string read_to_end();

  // The other side has ended and nothing was left to read.
  bool ended() { return read_to_end().empty(); }

  // At most that many bytes of what comes next; none if the other side has ended.
  std::string read_some(std::size_t most);

  [[nodiscard]] int descriptor() const { return descriptor_; }

  void end_sending();

  // Ends both ways, and wakes who waits in another thread; the descriptor stays until close().
  void hang_up();
  void close();

  // Closes as a process does that is killed with unread bytes: the other side sees a reset.
  void reset();

 private:
  static void connect(const RawSocket& socket, std::uint16_t port);
  std::size_t receive(std::span<char> buffer);
  bool receive();

  int descriptor_;
  std::string received_;
};

// A socket that listens on a free port of the loopback.
class RawListener {
 public:
  // `backlog` and one more connections may wait to be accepted; more are not answered.
  explicit RawListener(int backlog = 64);
  ~RawListener();
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  // The next connection. Throws if none comes before patience runs out.
  RawSocket accept();

  // The same for one who serves whoever connects until stop().
  RawSocket accept_any_time();

  // Wakes an accept that waits; it and all later ones return a socket that has ended.
  void stop();

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_SUPPORT_RAW_SOCKET_H_
