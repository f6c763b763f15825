#include "server/await_image.h"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <utility>

namespace imageserver {
namespace {

using Handler = net::any_completion_handler<void(Result<ImagePtr>)>;

// One wait. Everything here happens on the waiting coroutine's thread, but the group's completion,
// which comes from any and is posted there.
class Wait : public std::enable_shared_from_this<Wait> {
 public:
  Wait(const Executor& executor, Group& group, Handler handler)
      : executor_(executor), group_(group), handler_(std::move(handler)), timer_(executor) {}

  void start(const QueryPtr& query) {
    timer_.expires_at(query->deadline);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->give_up({ErrorKind::kDeadlineExceeded, "out of time"});
    });
    auto slot = net::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) {
      slot.assign([weak = weak_from_this()](net::cancellation_type) {
        if (const auto self = weak.lock()) self->give_up({ErrorKind::kCancelled, "cancelled"});
      });
    }
    ticket_ = group_.load(query, [self = shared_from_this()](Result<ImagePtr> result) {
      net::post(self->executor_, [self, result = std::move(result)] { self->end(result); });
    });
  }

 private:
  // If the group is calling already, the result is on its way and will do.
  void give_up(const Error& error) {
    if (ticket_ && group_.leave(ticket_)) end(error);
  }

  void end(Result<ImagePtr> result) {
    timer_.cancel();
    ticket_.reset();
    auto slot = net::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) slot.clear();
    std::move(handler_)(std::move(result));
  }

  const Executor executor_;
  Group& group_;
  Handler handler_;
  Timer timer_;
  Ticket ticket_;
};

template <class Token>
auto async_image(const Executor& executor, Group& group, QueryPtr query, Token&& token) {
  return net::async_initiate<Token, void(Result<ImagePtr>)>(
      [executor, &group](auto handler, const QueryPtr& wanted) {
        const auto wait = std::make_shared<Wait>(executor, group, Handler(std::move(handler)));
        wait->start(wanted);
      },
      token, std::move(query));
}

}  // namespace

Awaitable<Result<ImagePtr>> await_image(Group& group, QueryPtr query) {
  const Executor executor = co_await net::this_coro::executor;
  Result<ImagePtr> result = co_await async_image(executor, group, std::move(query), use_awaitable);
  co_return result;
}

}  // namespace imageserver
