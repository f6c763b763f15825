// The whole daemon in one object.

#ifndef IMAGESERVER_SERVER_H_
#define IMAGESERVER_SERVER_H_

#include <cstdint>
#include <memory>

#include "imageserver/error.h"
#include "imageserver/options.h"

namespace imageserver {

// Threads: all methods from the owner's, but request_stop(), which any may call.
class ImageServer {
 public:
  // Opens the source, binds the address and starts to serve. The Error names the flag or the
  // address at fault.
  [[nodiscard]] static Result<std::unique_ptr<ImageServer>> start(const Options& options);

  // Stops as request_stop() and wait() do.
  ~ImageServer();

  ImageServer(const ImageServer&) = delete;
  ImageServer& operator=(const ImageServer&) = delete;

  // The port that is listened on (useful where port 0 was asked for).
  [[nodiscard]] std::uint16_t port() const;

  // Begins to leave: not ready any more, no new connections; requests under way are finished, or
  // cancelled after 10 seconds. Returns at once.
  void request_stop();

  // Returns once the server has left.
  void wait();

 private:
  class Impl;
  explicit ImageServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Runs a server until SIGINT or SIGTERM. Returns the exit code: 0, or 1 after one line on standard
// error that says why it could not start.
int run(const Options& options);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_H_
