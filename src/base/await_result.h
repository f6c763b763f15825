// Work that ends on another thread, as something a coroutine can wait for.

#ifndef IMAGESERVER_BASE_AWAIT_RESULT_H_
#define IMAGESERVER_BASE_AWAIT_RESULT_H_

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "base/asio.h"
#include "base/cancelled.h"
#include "base/clock.h"
#include "imageserver/error.h"

namespace imageserver {

// Stops waiting and returns true; returns false if the work's end is on its way already.
using Leave = std::function<bool()>;

// Begins the work. The work calls its completion once, from any thread, perhaps before this
// returns. After Leave has returned true the completion need not be called; a call then does
// nothing.
template <class T>
using Begin = std::function<Leave(std::function<void(Result<T>)>)>;

// One wait. Everything here runs on the waiting coroutine's thread. The work may end on any thread:
// its result is posted to the coroutine's.
template <class T>
class Wait : public std::enable_shared_from_this<Wait<T>> {
 public:
  using Handler = net::any_completion_handler<void(Result<T>)>;

  Wait(const Executor& executor, Handler handler)
      : executor_(executor), handler_(std::move(handler)), timer_(executor) {}

  void start(const Begin<T>& begin, Deadline deadline) {
    timer_.expires_at(deadline);
    timer_.async_wait([self = this->shared_from_this()](error_code error) {
      if (!error) self->give_up({ErrorKind::kDeadlineExceeded, "out of time"});
    });
    auto slot = net::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) {
      slot.assign([weak = this->weak_from_this()](net::cancellation_type) {
        if (const auto self = weak.lock()) self->give_up(cancelled());
      });
    }
    leave_ = begin([self = this->shared_from_this()](Result<T> result) {
      net::post(self->executor_, [self, result = std::move(result)] { self->end(result); });
    });
  }

 private:
  // Does nothing if the work's own end is on its way: that end is delivered instead.
  void give_up(const Error& error) {
    if (leave_ && leave_()) end(error);
  }

  void end(Result<T> result) {
    if (std::exchange(ended_, true)) return;
    timer_.cancel();
    leave_ = nullptr;
    auto slot = net::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) slot.clear();
    std::move(handler_)(std::move(result));
  }

  const Executor executor_;
  Handler handler_;
  Timer timer_;
  Leave leave_;
  bool ended_ = false;
};

template <class T, class Token>
auto async_begin(const Executor& executor, Begin<T> begin, Deadline deadline, Token&& token) {
  return net::async_initiate<Token, void(Result<T>)>(
      [executor, deadline](auto handler, const Begin<T>& work) {
        const auto wait = std::make_shared<Wait<T>>(executor, std::move(handler));
        wait->start(work, deadline);
      },
      token, std::move(begin));
}

// Ends with the work, or with kDeadlineExceeded at the deadline, and with kCancelled when the
// awaiting coroutine is cancelled (terminal).
// Threads: awaited and resumed on the coroutine's own. REQUIRES: its context outlives the work.
template <class T>
[[nodiscard]] Awaitable<Result<T>> await_result(Begin<T> begin, Deadline deadline) {
  const Executor executor = co_await net::this_coro::executor;
  Result<T> result = co_await async_begin<T>(executor, std::move(begin), deadline, use_awaitable);
  co_return result;
}

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_AWAIT_RESULT_H_
