#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/log.h"
#include "imageserver/in_processes.h"
#include "imageserver/server.h"

namespace imageserver {
namespace {

// From construction to destruction the signals have no default effect: they are kept for the server
// that is given to serve().
class Signals {
 public:
  Signals() { listen(); }

  ~Signals() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // REQUIRES: the server outlives this object; called once.
  void serve(ImageServer& server) {
    server_ = &server;
    thread_ = std::thread([this] { context_.run(); });
  }

 private:
  void listen() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (!error) on_signal(signal);
    });
  }

  void on_signal(int signal) {
    if (signal == SIGHUP) {
      server_->refresh();
      return listen();
    }
    log::info(leaving_ ? "leaving at once" : "leaving");
    server_->request_stop();
    // The third signal has its default effect again: it ends a program that takes too long.
    if (leaving_) {
      signals_.remove(SIGINT);
      signals_.remove(SIGTERM);
    }
    leaving_ = true;
    listen();
  }

  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_{context_, SIGINT, SIGTERM, SIGHUP};
  ImageServer* server_ = nullptr;
  bool leaving_ = false;
  std::thread thread_;
};

// Every connection takes a descriptor, and the usual soft limit is for programs that use select().
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Returns when the server has left, or why it could not start.
Result<void> serve(const Options& options, const MakeRenderer& make_renderer) {
  const LogOutput output(options.log_level);
  std::optional<Signals> signals(std::in_place);
  const auto server = ImageServer::start(options, make_renderer);
  if (server.has_error()) return server.error();
  signals->serve(**server);
  (*server)->wait();
  signals.reset();
  return {};
}

}  // namespace

int run(const Options& options) { return run(options, in_processes()); }

int run(const Options& options, const MakeRenderer& make_renderer) {
  // A reader of the log that goes away must not end the server.
  std::signal(SIGPIPE, SIG_IGN);
  // Where the parent had SIGCHLD ignored, the server could not wait for its own children.
  std::signal(SIGCHLD, SIG_DFL);
  raise_descriptor_limit();
  const Result<void> served = serve(options, make_renderer);
  if (!served.has_error()) return 0;
  say_on_stderr("imageserver: " + served.error().message + '\n');
  return served.error().kind == ErrorKind::kInvalidParam ? 2 : 1;
}

}  // namespace imageserver
