#include "http/client.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <optional>
#include <span>
#include <utility>

#include "base/address.h"
#include "base/cancelled.h"
#include "http/client_pool.h"
#include "http/request.h"
#include "http/resolve.h"
#include "http/response_reader.h"

namespace imageserver {
namespace {

constexpr auto kTuple = net::as_tuple(use_awaitable);

Error error_line(ErrorKind kind, std::string_view line) { return {kind, std::string(line)}; }

// Closes a socket when the deadline passes, so that the operation under way on it ends.
class Fuse {
 public:
  // REQUIRES: the socket outlives the fuse.
  Fuse(Socket& socket, Deadline deadline)
      : deadline_(deadline), state_(std::make_shared<State>(socket)) {
    state_->timer.expires_at(deadline);
    state_->timer.async_wait([state = state_](error_code error) {
      if (!error) state->blow();
    });
  }
  ~Fuse() {
    state_->socket = nullptr;
    state_->timer.cancel();
  }
  Fuse(const Fuse&) = delete;
  Fuse& operator=(const Fuse&) = delete;

  [[nodiscard]] Deadline deadline() const { return deadline_; }
  [[nodiscard]] bool blown() const { return state_->blown || Clock::now() >= deadline_; }

 private:
  struct State {
    explicit State(Socket& guarded) : timer(guarded.get_executor()), socket(&guarded) {}

    void blow() {
      blown = true;
      error_code ignored;
      if (socket != nullptr) socket->close(ignored);
    }

    Timer timer;
    Socket* socket;  // null when the fuse is gone
    bool blown = false;
  };

  const Deadline deadline_;
  const std::shared_ptr<State> state_;
};

// The error of an operation on the socket: the deadline, a cancellation, or else `kind` and `line`.
Error failure(error_code error, const Fuse& fuse, ErrorKind kind, std::string_view line) {
  if (fuse.blown()) return {ErrorKind::kDeadlineExceeded, "no answer in time"};
  if (error == net::error::operation_aborted) return cancelled();
  return error_line(kind, std::string(line) + ": " + error.message());
}

std::string text_of(const ClientRequest& request) {
  std::string text;
  text.append(request.body ? "POST " : "GET ").append(request.target);
  text.append(" HTTP/1.1\r\nHost: ").append(request.authority).append("\r\n");
  text.append(request.fields);
  if (request.fresh_fields) text.append(request.fresh_fields());
  if (request.body) {
    text.append("Content-Length: ").append(std::to_string(request.body->size())).append("\r\n");
  }
  return text.append("\r\n").append(request.body.value_or(""));
}

// The outcome of one request on one connection.
struct Exchange {
  explicit Exchange(Error error) : result(std::move(error)) {}

  Result<ClientResponse> result;
  bool unanswered = false;  // the connection failed before the first byte of an answer
  bool reusable = false;
};

// The exchange may be repeated only if the connection broke before the first byte of an answer, and
// not if the deadline or a cancellation ended it.
Exchange broken(error_code error, const Fuse& fuse, bool started) {
  Exchange exchange(failure(error, fuse, ErrorKind::kCutOff, "the connection broke"));
  exchange.unanswered = !started && exchange.result.error().kind == ErrorKind::kCutOff;
  return exchange;
}

Exchange complete(ResponseReader& reader) {
  Exchange exchange(Error{});
  exchange.reusable = reader.reusable();
  exchange.result = reader.take();
  return exchange;
}

// Writes what the socket takes at once first: most often that is all, which spares a turn of the
// event loop.
Awaitable<error_code> send_all(Socket& socket, std::string_view text) {
  error_code error;
  const std::size_t written = socket.write_some(net::buffer(text), error);
  if (error && error != net::error::would_block) co_return error;
  if (written == text.size()) co_return error_code();
  const auto rest = net::buffer(text.substr(written));
  const auto [write_error, size] = co_await net::async_write(socket, rest, kTuple);
  co_return write_error;
}

// Reads one answer, and passes over the interim ones before it.
class AnswerReader {
 public:
  using State = ResponseReader::State;

  AnswerReader(Link& link, const ClientPool& pool, const ClientRequest& request)
      : link_(link), pool_(pool), request_(request) {
    begin();
  }

  [[nodiscard]] ResponseReader& reader() { return *reader_; }

  // Whether a byte of an answer has come, if only of an interim one.
  [[nodiscard]] bool started() const { return started_ || reader_->started(); }

  // kNeedMore, kDone or kError.
  [[nodiscard]] State commit(std::size_t size) {
    tell({.bytes = size});
    State state = reader_->commit(size);
    while (state == State::kInterim) {
      tell({.interim = true});
      started_ = true;
      const std::size_t rest = reader_->rest();
      begin();
      state = reader_->commit(rest);
    }
    return state;
  }

 private:
  void begin() {
    using Interim = ResponseReader::Interim;
    reader_.emplace(link_.buffer(), pool_.limits().head_bytes, request_.max_body, pool_.bytes(),
                    request_.on_arrival ? Interim::kTaken : Interim::kRefused);
  }

  void tell(Arrival arrival) const {
    if (request_.on_arrival) request_.on_arrival(arrival);
  }

  Link& link_;
  const ClientPool& pool_;
  const ClientRequest& request_;
  std::optional<ResponseReader> reader_;
  bool started_ = false;
};

Awaitable<Exchange> exchange_on(Link& link, const ClientRequest& request, const ClientPool& pool,
                                const Fuse& fuse) {
  const std::string text = text_of(request);
  const error_code write_error = co_await send_all(link.socket, text);
  if (write_error) co_return broken(write_error, fuse, false);
  AnswerReader answer(link, pool, request);
  auto state = ResponseReader::State::kNeedMore;
  while (state == ResponseReader::State::kNeedMore) {
    const std::span<char> free = answer.reader().space();
    const auto space = net::buffer(free.data(), free.size());
    const auto [error, size] = co_await link.socket.async_read_some(space, kTuple);
    const bool ended = error == net::error::eof && answer.reader().started();
    if (error && !ended) co_return broken(error, fuse, answer.started());
    state = ended ? answer.reader().end() : answer.commit(size);
  }
  if (state == ResponseReader::State::kError) {
    co_return Exchange(error_line(answer.reader().error_kind(), answer.reader().error()));
  }
  co_return complete(answer.reader());
}

// kInternal if this process has no descriptor or memory left, which is not the peer's fault.
ErrorKind kind_of(error_code error) {
  const bool ours = error == net::error::no_descriptors || error == net::error::no_memory ||
                    error == boost::system::errc::too_many_files_open_in_system;
  return ours ? ErrorKind::kInternal : ErrorKind::kUnreachable;
}

// Connects `link` to the first of the address's endpoints that answers; the error if none does.
Awaitable<std::optional<Error>> dial(Link& link, const Address& address, ClientPool& pool,
                                     const Fuse& fuse) {
  const milliseconds patience = pool.limits().connect;
  const Fuse connect_fuse(link.socket, std::min(fuse.deadline(), Clock::now() + patience));
  const auto endpoints = co_await pool.endpoints().find(address, connect_fuse.deadline());
  const auto state = co_await net::this_coro::cancellation_state;
  error_code error = net::error::host_not_found;
  if (state.cancelled() != net::cancellation_type::none) error = net::error::operation_aborted;
  for (const auto& endpoint : endpoints) {
    if (connect_fuse.blown()) break;  // a blown fuse would not close the next socket
    error_code ignored;
    link.socket.close(ignored);
    const auto [connect_error] = co_await link.socket.async_connect(endpoint, kTuple);
    error = connect_error;
    if (!error) {
      link.socket.set_option(Tcp::no_delay(true), ignored);
      link.socket.non_blocking(true, error);
    }
    if (!error) co_return std::nullopt;
    if (error == net::error::operation_aborted) break;
  }
  if (connect_fuse.blown()) error = net::error::timed_out;
  pool.endpoints().doubt(address);
  co_return failure(error, fuse, kind_of(error), "cannot be reached");
}

// exchange_on() on a new connection, which replaces the link's old one.
Awaitable<Exchange> exchange_anew(Link& link, const Address& address, const ClientRequest& request,
                                  ClientPool& pool, const Fuse& fuse) {
  auto unreachable = co_await dial(link, address, pool, fuse);
  if (unreachable) co_return Exchange(*std::move(unreachable));
  co_return co_await exchange_on(link, request, pool, fuse);
}

Awaitable<Result<ClientResponse>> fetch(ClientPool& pool, const ClientRequest& request) {
  const auto address = parse_address(request.authority);
  if (!address) co_return error_line(ErrorKind::kUnreachable, "malformed address");
  LinkPtr link = pool.take(request.authority);
  const bool reused = link != nullptr;
  if (!reused) link = pool.make_link();
  const Fuse fuse(link->socket, request.deadline);
  if (fuse.blown()) co_return failure({}, fuse, ErrorKind::kDeadlineExceeded, {});

  pool.retries().pay_in();
  Exchange exchange{Error{}};
  if (reused) exchange = co_await exchange_on(*link, request, pool, fuse);
  if (!reused || (exchange.unanswered && pool.retries().take())) {
    exchange = co_await exchange_anew(*link, *address, request, pool, fuse);
  }
  if (exchange.reusable && !fuse.blown()) pool.give(request.authority, std::move(link));
  co_return std::move(exchange.result);
}

// Turns Asio's exception into an error: it throws when a cancelled coroutine awaits again.
Awaitable<Result<ClientResponse>> fetch_or_cancelled(std::shared_ptr<ClientPool> pool,
                                                     ClientRequest request) {
  try {
    auto result = co_await fetch(*pool, request);
    co_return std::move(result);
  } catch (const boost::system::system_error& error) {
    if (error.code() == net::error::operation_aborted) co_return cancelled();
    Error not_asked{ErrorKind::kUnreachable, "not asked"};
    co_return std::move(not_asked);
  }
}

}  // namespace

std::string_view ClientResponse::header(std::string_view name) const {
  for (const auto& [field, value] : fields) {
    if (same_field_name(field, name)) return value;
  }
  return {};
}

Client::Client(net::io_context& context, ClientLimits limits, ClientShared shared)
    : pool_(std::make_shared<ClientPool>(context, limits, std::move(shared))) {}

Client::~Client() { pool_->close_all(); }

Awaitable<Result<ClientResponse>> Client::send(ClientRequest request) {
  return fetch_or_cancelled(pool_, std::move(request));
}

void Client::close_idle() { pool_->close_all(); }

std::size_t Client::idle_connections() const { return pool_->size(); }

}  // namespace imageserver
