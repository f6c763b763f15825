#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include "base/log.h"
#include "imageserver/server.h"

namespace imageserver {
namespace {

// Afterwards the signals do again what they do by default, so that a second one ends a program that
// takes too long to leave.
void wait_for_signal() {
  boost::asio::io_context context(1);
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([](const boost::system::error_code&, int) {});
  context.run();
}

}  // namespace

int run(const Options& options) {
  init_log(options.log_level);
  const auto server = ImageServer::start(options);
  if (server.has_error()) {
    std::cerr << "imageserver: " << server.error().message << '\n';
    return 1;
  }
  wait_for_signal();
  log::info("leaving");
  (*server)->request_stop();
  (*server)->wait();
  return 0;
}

}  // namespace imageserver
