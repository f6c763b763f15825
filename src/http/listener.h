// Accepts connections and hands them to the shards in turn.

#ifndef IMAGESERVER_HTTP_LISTENER_H_
#define IMAGESERVER_HTTP_LISTENER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "base/address.h"
#include "base/asio.h"
#include "http/seats.h"
#include "http/shard.h"
#include "imageserver/error.h"

namespace imageserver {

// An open socket that listens. A name is looked up, which blocks. No host: every address, IPv6 and
// IPv4 on one socket, or IPv4 alone where there is no IPv6.
[[nodiscard]] Result<Acceptor> open_acceptor(net::io_context& context, const Address& address);

// Threads: constructed anywhere; every other function on the acceptor's thread only.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  // REQUIRES: `shards` is not empty, and all have the same limits.
  Listener(Acceptor acceptor, std::vector<std::shared_ptr<Shard>> shards,
           std::shared_ptr<Seats> seats);

  [[nodiscard]] Executor executor() { return acceptor_.get_executor(); }

  void accept();

  // Accepts the clients that wait already, then no more.
  void stop();

  // See Server::announce_drain().
  void announce_drain();

  // Stops, then drains every shard on its thread. `gone` is called once, on one of their threads.
  void drain(std::function<void()> gone);

 private:
  void on_accept(Shard& shard, error_code error, Socket socket);
  void try_to_hand_over(Shard& shard, Socket socket);
  void hand_over(Shard& shard, Socket socket);
  void turn_away(Shard& shard, Socket socket);
  void accept_waiting();
  void drain_shards();
  void retry_later(error_code error);
  [[nodiscard]] bool is_awaited();
  void accept_after(milliseconds pause);
  [[nodiscard]] Shard& next_shard() { return *shards_[turn_++ % shards_.size()]; }

  Acceptor acceptor_;
  const std::vector<std::shared_ptr<Shard>> shards_;
  const std::shared_ptr<Seats> seats_;
  Timer retry_timer_;
  std::size_t turn_ = 0;
  Tcp::endpoint newcomer_;  // of the connection that was accepted last
  bool accepting_ = false;
  bool failing_ = false;        // accepting has failed, and has not worked since
  Deadline next_warning_{};     // that connections are turned away
  std::function<void()> gone_;  // of the drain that waits for the last accept
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_LISTENER_H_
