#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <optional>
#include <utility>

#include "base/log.h"
#include "imageserver/server.h"

namespace imageserver {
namespace {

// From construction to destruction the signals to leave are kept for wait(); afterwards they do
// again what they do by default, so that another one ends a program that takes too long to leave.
class LeaveSignals {
 public:
  LeaveSignals() {
    signals_.async_wait([](const boost::system::error_code&, int) {});
  }

  void wait() { context_.run(); }

 private:
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
};

// Every connection takes a descriptor, and the usual soft limit is for programs that use select().
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int run(const Options& options) {
  // Whoever reads our log may go; we do not.
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  init_log(options.log_level);
  std::optional<LeaveSignals> signals(std::in_place);
  const auto server = ImageServer::start(options);
  if (server.has_error()) {
    std::cerr << "imageserver: " << server.error().message << '\n';
    return 1;
  }
  signals->wait();
  signals.reset();
  log::info("leaving");
  (*server)->request_stop();
  (*server)->wait();
  return 0;
}

}  // namespace imageserver
