// A thread that looks at a source of names again and again.

#ifndef IMAGESERVER_MEMBERSHIP_POLLER_H_
#define IMAGESERVER_MEMBERSHIP_POLLER_H_

#include <functional>
#include <thread>

#include "base/clock.h"
#include "base/event_fd.h"
#include "membership/view.h"

namespace imageserver {

class Poller {
 public:
  // Looks once. Soon after the descriptor `stop` has become readable it returns, with anything.
  using Look = std::function<View(int stop)>;

  // When to look, apart from at once and after refresh().
  struct Occasions {
    milliseconds interval;
    int descriptor = -1;  // when this can be read; -1: none. `look` reads what is there.
  };

  // Both functions are called on the thread, in turn. REQUIRES: neither throws; the descriptor
  // outlives the poller.
  Poller(Look look, std::function<void(View)> on_view, Occasions occasions);

  // Stops the thread and waits for its end.
  ~Poller();

  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // Threads: any.
  void refresh() { refresh_.notify(); }

 private:
  void run();
  [[nodiscard]] bool stopped_within(milliseconds time) const;
  void wait() const;

  const Look look_;
  const std::function<void(View)> on_view_;
  const Occasions occasions_;
  EventFd stop_;
  EventFd refresh_;
  std::jthread thread_;  // uses what stands above
};

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_POLLER_H_
