// How a server leaves: first it says so, then it goes.

#ifndef IMAGESERVER_SERVER_SHUTDOWN_H_
#define IMAGESERVER_SERVER_SHUTDOWN_H_

#include <atomic>
#include <cstddef>
#include <future>
#include <memory>
#include <span>
#include <vector>

#include "base/asio.h"
#include "base/clock.h"
#include "http/server.h"
#include "membership/discovery.h"

namespace imageserver {

// The first request takes this node out of the list of nodes, where it put itself there, and has
// every answer say `Connection: close`; everything is still served for the time of the drain, in
// which others take notice. Then, or at the second request, the servers drain (Server::drain). Done
// when they have, and the list is left.
//
// Threads: once prepared, request() and requested() may be called from any; everything else from
// the owner's.
class Shutdown {
 public:
  // REQUIRES: the context outlives the shutdown.
  Shutdown(net::io_context& context, milliseconds drain);

  // What there is to leave; `discovery` may be null. Before it is called there is nothing.
  // REQUIRES: called once, and the contexts run that these live on; they outlive wait().
  void prepare(std::span<const std::unique_ptr<Server>> servers, Discovery* discovery);

  void request();
  [[nodiscard]] bool requested() const { return requests_ > 0; }

  // REQUIRES: called once. What was prepared needs the context to run.
  void wait();

 private:
  void announce();
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
  std::size_t left_ = 0;  // that have not left
  Timer timer_;
  bool closed_ = false;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_SHUTDOWN_H_
