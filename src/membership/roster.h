// The list of the ring's nodes, made from what a source of names sees.

#ifndef IMAGESERVER_MEMBERSHIP_ROSTER_H_
#define IMAGESERVER_MEMBERSHIP_ROSTER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/asio.h"
#include "base/clock.h"
#include "membership/view.h"

namespace imageserver {

struct RosterOptions {
  std::string self;  // this node's name. REQUIRES: is_peer_name() (base/address.h)

  // From the first difference to the change of the list.
  milliseconds debounce{2000};

  // Whether it is worth a warning that a view does not hold self.
  bool self_expected = true;
};

// The list is {self} at first. The first good view is taken over at once; from then on the view
// that is the latest when `debounce` has passed since one first differed: what changes and changes
// back changes nothing, and what never rests does not postpone for ever. A view that is an error or
// empty leaves the list as it is. Self is always in it. The log tells what happens, a failure that
// lasts only once.
//
// Threads: see() may be called from any; destroyed on the context's thread, or while it does not
// run, and then calls nothing any more.
class Roster {
 public:
  // The whole new list: sorted, none twice, self among them.
  using OnChange = std::function<void(std::vector<std::string> names)>;

  // Both are called on the context's thread. `on_change` whenever the list has changed; `on_first`
  // (may be empty) once, when the first view, good or not, was seen and its change told.
  // REQUIRES: neither throws, nor destroys the roster.
  Roster(net::io_context& context, RosterOptions options, OnChange on_change,
         std::function<void()> on_first = {});
  ~Roster();

  Roster(const Roster&) = delete;
  Roster& operator=(const Roster&) = delete;

  void see(View view);

 private:
  class State;

  const std::shared_ptr<State> state_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_ROSTER_H_
