// One client: reads requests, asks the handler, writes answers, and watches the time.

#ifndef IMAGESERVER_HTTP_CONNECTION_H_
#define IMAGESERVER_HTTP_CONNECTION_H_

#include <boost/asio/cancellation_signal.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>

#include "base/asio.h"
#include "base/clock.h"
#include "http/backlog.h"
#include "http/handler.h"
#include "http/interim_sender.h"
#include "http/occupant.h"
#include "http/outbox.h"
#include "http/pace.h"
#include "http/request_reader.h"
#include "http/seats.h"
#include "http/shard.h"

namespace imageserver {

// Threads: all of it on its shard's thread. Kept alive by the operations it has under way: one to
// read, write or await the answer, and the watchdog. close() ends them all.
//
// It never reads while a request is being answered: the request's views stay valid, and a client
// that sends faster than it is answered is held back by TCP. Requests that came in one go (a
// pipeline) and can be answered at once are answered in one go.
class Connection final : public ShardMember,
                         public Occupant,
                         public std::enable_shared_from_this<Connection> {
 public:
  // Serves the client, or drops it where the shard is draining.
  static void serve(const std::shared_ptr<Shard>& shard, Socket socket, Seat seat);

  // Tells the client that there is no seat for it (503), and closes.
  static void turn_away(const std::shared_ptr<Shard>& shard, Socket socket, Seat standing);

  Connection(std::shared_ptr<Shard> shard, Socket socket, Seat seat);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  void start_turning_away();

  void drain() override;
  void cut() override;
  [[nodiscard]] std::shared_ptr<ShardMember> keep() override { return shared_from_this(); }

  void leave_if_waiting() override;
  void leave() override;
  void drop_answer() override;

 private:
  enum class Phase : std::uint8_t {
    kIdle,
    kHead,
    kBody,
    kAwaiting,
    kWriting,
    kLingering,
    kClosed,
  };

  [[nodiscard]] bool prepare();
  void advance();
  void read();
  void wait_for_client();
  void on_read(error_code error, std::size_t size);

  void admit();
  std::optional<Admittance> ask_admittance();
  [[nodiscard]] bool answer();
  Answer ask();
  void await();
  void send_interim();
  void on_answer(const std::exception_ptr& failure, Response response);
  void refuse();
  void enqueue_last(const Response& response);

  void watch_client();
  void on_readable();
  void look_behind_bytes();
  void abandon();

  void enqueue(const Response& response);
  void enqueue(const Response& response, bool with_body);
  [[nodiscard]] bool flush();
  void write();
  void on_written(error_code error);
  void finish();
  void discard();
  void on_discarded(error_code error, std::size_t size);
  void close();
  void reset();

  void set_deadline(Deadline deadline);
  void set_deadline(milliseconds from_now) { set_deadline(Clock::now() + from_now); }
  void arm_watchdog();
  void on_watchdog();
  void expire();
  void look_at_pace();

  const std::shared_ptr<Shard> shard_;
  const ServerLimits& limits_;
  Socket socket_;
  RequestReader reader_;
  std::optional<OccupantRef> self_;  // once started
  Seat seat_;
  Phase phase_ = Phase::kIdle;
  bool newcomer_ = true;  // the client has not sent a byte yet

  Outbox outbox_;
  Pace pace_;                   // of what is written and did not fit into the socket at once
  Unsent unsent_;               // the same
  std::optional<Later> later_;  // the answer to await once outbox_ is empty
  bool closing_ = false;
  bool client_closes_ = false;  // the client asked for the close, and will send nothing more
  std::size_t discarded_ = 0;

  InterimSender interim_;
  Timer interim_timer_;  // runs while the awaited answer has interim ones before it

  net::cancellation_signal cancel_;  // of the awaited answer
  bool abandoned_ = false;           // its client is gone: the result is dropped
  bool bytes_behind_ = false;        // its client has sent more, which is not read now
  std::uint64_t turn_ = 0;           // counts awaited answers, so that a late wake-up is recognised

  // Every step moves the deadline. The watchdog wakes after `tick_` at the latest and looks at the
  // deadline then. No step sets a nearer deadline than `tick_` but the rare ones, which arm it
  // anew.
  Timer watchdog_;
  const milliseconds tick_;
  Deadline deadline_ = Deadline::max();
  Deadline armed_ = Deadline::max();
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_CONNECTION_H_
