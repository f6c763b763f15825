// Ends a server in two steps: first it announces that it leaves, then it closes its doors.

#ifndef IMAGESERVER_SERVER_SHUTDOWN_H_
#define IMAGESERVER_SERVER_SHUTDOWN_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <vector>

#include "base/asio.h"
#include "base/clock.h"
#include "http/server.h"
#include "membership/discovery.h"

namespace imageserver {

// The first request takes this node out of the list of nodes, if it put itself there, and has every
// answer say `Connection: close`. Everything is still served for the time of the drain, in which
// others take notice; where nobody is there who could, that time is over at once. Then, or at the
// second request, the servers drain (Server::drain). The shutdown is over once all servers have
// drained and the node has left the list.
//
// Threads: once prepared, request() and requested() may be called from any; everything else from
// the owner's.
class Shutdown {
 public:
  // REQUIRES: the context outlives the shutdown.
  Shutdown(net::io_context& context, milliseconds drain);

  // Says which servers drain, and which list of nodes this node leaves (null: none). `alone`,
  // called on the context's thread, says whether nobody is there who could take notice. If
  // prepare() is never called, there is nothing to leave, and the first request ends wait() at
  // once. REQUIRES: called at most once, before any request; there is a server; the contexts of the
  // servers and of the discovery run; servers, discovery and what `alone` asks outlive wait().
  void prepare(std::span<const std::unique_ptr<Server>> servers, Discovery* discovery,
               std::function<bool()> alone);

  // Begins the shutdown; the second call ends the time of the drain; further calls do nothing.
  void request();
  [[nodiscard]] bool requested() const { return requests_ > 0; }

  // Blocks until the shutdown is over. REQUIRES: called once; if prepare() was called, the context
  // runs.
  void wait();

 private:
  void announce();
  void go_on_draining();
  void close_doors();
  void one_left();

  net::io_context& context_;
  const milliseconds drain_;
  bool prepared_ = false;  // does not change once anything is requested
  std::atomic<int> requests_ = 0;
  std::promise<void> gone_;

  // On the context's thread only, once it runs.
  std::vector<Server*> servers_;
  Discovery* discovery_ = nullptr;
  std::function<bool()> alone_;
  Deadline drained_;
  std::size_t left_ = 0;  // servers, and the discovery, that have not left yet
  Timer timer_;
  bool closed_ = false;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_SHUTDOWN_H_
