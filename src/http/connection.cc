#include "http/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>
#include <limits>
#include <utility>

#include "base/log.h"
#include "http/acknowledged.h"
#include "http/head_writer.h"
#include "http/peek.h"

namespace imageserver {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

Response internal_error() { return text_response(500, "internal error"); }

Response method_not_allowed() {
  Response response = text_response(405, "method: must be GET or HEAD");
  response.add_field("Allow", "GET, HEAD");
  return response;
}

Response refusal(const HeadError& error) { return text_response(error.status, error.line); }

// The answer to a request of a kind that the handler takes none of.
Response not_taken(bool has_body) {
  return has_body ? refusal(body_not_empty()) : method_not_allowed();
}

Response no_seat() {
  Response response = text_response(503, "too many connections: try again");
  response.add_field("Retry-After", "1");
  response.close = true;
  return response;
}

void log_failure(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    log::error("a handler threw: {}", error.what());
  } catch (...) {
    log::error("a handler threw something that is no exception");
  }
}

}  // namespace

void Connection::serve(const std::shared_ptr<Shard>& shard, Socket socket, Seat seat) {
  if (shard->draining()) return;
  std::make_shared<Connection>(shard, std::move(socket), std::move(seat))->start();
}

void Connection::turn_away(const std::shared_ptr<Shard>& shard, Socket socket, Seat standing) {
  if (shard->draining()) return;
  std::make_shared<Connection>(shard, std::move(socket), std::move(standing))->start_turning_away();
}

Connection::Connection(std::shared_ptr<Shard> shard, Socket socket, Seat seat)
    : shard_(std::move(shard)),
      limits_(shard_->limits()),
      socket_(std::move(socket)),
      reader_(limits_.head_limits),
      seat_(std::move(seat)),
      pace_(limits_.write),
      unsent_(shard_->backlog()),
      interim_timer_(shard_->executor()),
      watchdog_(shard_->executor()),
      tick_(std::min({limits_.head, limits_.idle, Pace::between_looks(limits_.write)})) {
  shard_->enter(this);
}

Connection::~Connection() { shard_->forget(this); }

void Connection::start() {
  const Deadline now = Clock::now();
  seat_.idles(now);
  if (!prepare()) return;
  set_deadline(now + limits_.idle);
  advance();
}

void Connection::start_turning_away() {
  if (!prepare()) return;
  closing_ = true;
  outbox_.add(no_seat(), Persistence::kClose, true);
  advance();
}

// False, and the connection is closed, if the system refuses.
bool Connection::prepare() {
  self_.emplace(shard_->executor(), weak_from_this());
  seat_.occupy(*self_);
  error_code error;
  socket_.non_blocking(true, error);
  if (error) close();
  return !error;
}

// Answers the requests that were read, until one has to wait.
void Connection::advance() {
  while (!closing_) {
    switch (reader_.next()) {
      case RequestReader::State::kNeedMore:
        if (flush()) read();
        return;
      case RequestReader::State::kHead:
        admit();
        break;
      case RequestReader::State::kRequest:
        if (!answer()) return;
        break;
      case RequestReader::State::kError:
        refuse();
        break;
    }
    if (outbox_.full() && !flush()) return;
  }
  if (flush()) finish();
}

void Connection::read() {
  if (reader_.empty() && shard_->draining() && !newcomer_) return finish();
  wait_for_client();
  const auto space = reader_.space();
  socket_.async_read_some(net::buffer(space.data(), space.size()),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            self->on_read(error, size);
                          });
}

// The time for what the client is to send begins once, however many pieces it comes in.
void Connection::wait_for_client() {
  const Phase part = reader_.is_in_body() ? Phase::kBody : Phase::kHead;
  const Phase next = reader_.empty() ? Phase::kIdle : part;
  if (std::exchange(phase_, next) == next) return;
  const Deadline now = Clock::now();
  if (next == Phase::kIdle) {
    set_deadline(now + limits_.idle);
    seat_.idles(now);
  } else {
    set_deadline(now + (next == Phase::kBody ? limits_.body : limits_.head));
    seat_.waits(now);
  }
}

void Connection::on_read(error_code error, std::size_t size) {
  if (phase_ == Phase::kClosed) return;
  if (error) return close();
  newcomer_ = false;
  reader_.commit(size);
  advance();
}

// Takes a request by its head, or answers it.
void Connection::admit() {
  seat_.works();
  const std::optional<Admittance> admittance = ask_admittance();
  if (const auto* const most = admittance ? std::get_if<MostBody>(&*admittance) : nullptr) {
    reader_.take(most->bytes);
    if (reader_.waits_for_continue()) outbox_.add_bytes(kContinue);
    return;
  }
  const bool has_body = reader_.has_body();
  const Response& response = admittance ? std::get<Response>(*admittance) : not_taken(has_body);
  if (has_body) return enqueue_last(response);
  enqueue(response);
}

std::optional<Admittance> Connection::ask_admittance() {
  try {
    return shard_->handler().admit(reader_.request());
  } catch (...) {
    log_failure(std::current_exception());
    return internal_error();
  }
}

// False if the answer is given later.
bool Connection::answer() {
  seat_.works();
  Answer answer = ask();
  if (const auto* const ready = std::get_if<Response>(&answer)) {
    enqueue(*ready);
    return true;
  }
  later_ = std::move(std::get<Later>(answer));
  if (flush()) await();
  return false;
}

Answer Connection::ask() {
  try {
    return shard_->handler().handle(reader_.request());
  } catch (...) {
    log_failure(std::current_exception());
    return internal_error();
  }
}

void Connection::await() {
  Later answer = *std::exchange(later_, std::nullopt);
  phase_ = Phase::kAwaiting;
  bytes_behind_ = false;
  deadline_ = Deadline::max();
  watch_client();
  const bool tells = answer.meanwhile == Later::Meanwhile::kProcessing;
  if (tells && !reader_.http_1_0()) send_interim();
  auto done = [self = shared_from_this()](const std::exception_ptr& failure, Response response) {
    self->on_answer(failure, std::move(response));
  };
  net::co_spawn(shard_->executor(), std::move(answer.response),
                net::bind_cancellation_slot(cancel_.slot(), std::move(done)));
}

void Connection::send_interim() {
  if (phase_ != Phase::kAwaiting) return;
  interim_.send(socket_);
  interim_timer_.expires_after(limits_.interim);
  interim_timer_.async_wait([self = shared_from_this(), turn = turn_](error_code error) {
    if (!error && self->turn_ == turn) self->send_interim();
  });
}

void Connection::on_answer(const std::exception_ptr& failure, Response response) {
  ++turn_;
  interim_timer_.cancel();
  error_code ignored;
  socket_.cancel(ignored);
  if (abandoned_) return close();
  if (const auto rest = interim_.take_rest(); !rest.empty()) outbox_.add_bytes(rest);
  if (failure) {
    log_failure(failure);
    response = internal_error();
  }
  enqueue(response);
  advance();
}

// Answers a request that cannot be read.
void Connection::refuse() { enqueue_last(refusal(reader_.error())); }

// Answers, then discards further input until the connection is closed.
void Connection::enqueue_last(const Response& response) {
  closing_ = true;
  client_closes_ = false;
  enqueue(response, !reader_.is_head());
}

// The socket becomes readable when the client leaves, and when it sends its next request. Bytes of
// a next request are not read now. While they wait, the socket stays readable, so that from then on
// the connection looks from time to time.
void Connection::watch_client() {
  socket_.async_wait(Socket::wait_read,
                     [self = shared_from_this(), turn = turn_](error_code error) {
                       if (!error && self->turn_ == turn) self->on_readable();
                     });
}

void Connection::on_readable() {
  if (phase_ != Phase::kAwaiting) return;
  switch (peek(socket_)) {
    case Peek::kNothing:
      return watch_client();
    case Peek::kBytes:
      return look_behind_bytes();
    case Peek::kEnd:
      return set_deadline(limits_.half_closed);
    case Peek::kError:
      return abandon();
  }
}

void Connection::look_behind_bytes() {
  const OtherSide client = other_side(socket_);
  bytes_behind_ = client == OtherSide::kSends;
  if (client == OtherSide::kBroken) return abandon();
  set_deadline(bytes_behind_ ? limits_.look_behind_bytes : limits_.half_closed);
}

void Connection::abandon() {
  abandoned_ = true;
  deadline_ = Deadline::max();
  cancel_.emit(net::cancellation_type::terminal);
}

void Connection::enqueue(const Response& response) {
  client_closes_ = !reader_.keep_alive();
  closing_ = client_closes_ || response.close || shard_->drain_announced();
  enqueue(response, reader_.request().method() != Method::kHead);
}

void Connection::enqueue(const Response& response, bool with_body) {
  const bool say_kept = !closing_ && reader_.http_1_0();
  outbox_.add(response,
              closing_   ? Persistence::kClose
              : say_kept ? Persistence::kKeepAlive
                         : Persistence::kImplied,
              with_body);
  reader_.consume();
  phase_ = Phase::kWriting;
}

// Writes the outbox. True if the socket took all of it at once, as it nearly always does. Else the
// rest is being written, or the connection was closed.
bool Connection::flush() {
  if (outbox_.empty()) return true;
  error_code error;
  const std::size_t written = socket_.write_some(outbox_.buffers(), error);
  if (error && error != net::error::would_block) {
    close();
    return false;
  }
  outbox_.drop(written);
  if (outbox_.empty()) return true;
  write();
  return false;
}

void Connection::write() {
  phase_ = Phase::kWriting;
  const Deadline now = Clock::now();
  if (!pace_.runs(now)) pace_.restart(now, acknowledged_bytes(socket_.native_handle()));
  set_deadline(pace_.next_look());
  unsent_.begin(socket_.native_handle(), *self_, outbox_.bodies());
  // Asio calls it after every step for the most bytes that the next step may write. Asio's own
  // limit would be 64 KiB.
  auto progress = [](error_code error, std::size_t) -> std::size_t {
    return error ? 0 : std::numeric_limits<std::size_t>::max();
  };
  net::async_write(
      socket_, outbox_.buffers(), std::move(progress),
      [self = shared_from_this()](error_code error, std::size_t) { self->on_written(error); });
}

void Connection::on_written(error_code error) {
  if (phase_ == Phase::kClosed) return;
  unsent_.end();
  outbox_.clear();
  if (error) return close();
  if (later_) return await();
  advance();
}

// Closing a socket that has unread bytes, or gets some later, resets the connection, and the client
// may lose an answer that it has not read yet. So the rest of its input is read and thrown away.
void Connection::finish() {
  if (client_closes_ && reader_.empty()) return close();
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  phase_ = Phase::kLingering;
  const Deadline now = Clock::now();
  set_deadline(now + limits_.linger);
  seat_.waits(now);
  discard();
}

void Connection::discard() {
  socket_.async_read_some(shard_->scratch(),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            self->on_discarded(error, size);
                          });
}

void Connection::on_discarded(error_code error, std::size_t size) {
  if (phase_ == Phase::kClosed) return;
  discarded_ += size;
  if (error || discarded_ > limits_.linger_bytes) return close();
  discard();
}

void Connection::drain() {
  if (phase_ != Phase::kIdle || peek(socket_) == Peek::kBytes) return;
  if (newcomer_) return set_deadline(limits_.newcomer);
  close();
}

void Connection::cut() {
  if (phase_ == Phase::kAwaiting) {
    abandon();
  } else {
    close();
  }
}

void Connection::leave_if_waiting() {
  const bool waits = phase_ == Phase::kIdle || phase_ == Phase::kHead || phase_ == Phase::kBody;
  if (phase_ == Phase::kLingering || (waits && peek(socket_) != Peek::kBytes)) {
    close();
  } else {
    seat_.keep();
  }
}

void Connection::leave() {
  if (phase_ == Phase::kAwaiting) {
    abandon();
  } else {
    reset();
  }
}

void Connection::drop_answer() {
  if (unsent_.to_drop()) reset();
}

void Connection::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  unsent_.end();
  error_code ignored;
  socket_.close(ignored);
  seat_.give_back();
  watchdog_.cancel();
  interim_timer_.cancel();
  shard_->leave(this);
}

// Closes so that the kernel, too, throws away what the client has not taken.
void Connection::reset() {
  if (phase_ == Phase::kClosed) return;
  error_code ignored;
  socket_.set_option(net::socket_base::linger(true, 0), ignored);
  close();
}

void Connection::set_deadline(Deadline deadline) {
  deadline_ = deadline;
  if (deadline < armed_) arm_watchdog();
}

void Connection::arm_watchdog() {
  armed_ = std::min(deadline_, Clock::now() + tick_);
  watchdog_.expires_at(armed_);
  watchdog_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->on_watchdog();
  });
}

void Connection::on_watchdog() {
  if (phase_ == Phase::kClosed) return;
  if (Clock::now() >= deadline_) expire();
  if (phase_ != Phase::kClosed) arm_watchdog();
}

void Connection::expire() {
  switch (phase_) {
    case Phase::kAwaiting:
      return bytes_behind_ ? look_behind_bytes() : abandon();
    case Phase::kWriting:
      return look_at_pace();
    default:
      return close();
  }
}

void Connection::look_at_pace() {
  const Deadline now = Clock::now();
  const std::uint64_t acknowledged = acknowledged_bytes(socket_.native_handle());
  if (!pace_.look(now, acknowledged, limits_.write_rate)) return reset();
  unsent_.note(now, acknowledged);
  deadline_ = pace_.next_look();
}

}  // namespace imageserver
