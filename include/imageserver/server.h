// The whole daemon in one object.

#ifndef IMAGESERVER_SERVER_H_
#define IMAGESERVER_SERVER_H_

#include <cstdint>
#include <memory>

#include "imageserver/error.h"
#include "imageserver/options.h"
#include "imageserver/rendering.h"

namespace imageserver {

// Threads: all methods from the owner's, but request_stop() and refresh(), which any may call.
class ImageServer {
 public:
  // Opens what the flags name (originals, watermarks, presets, the secret), binds the address and
  // starts to serve. The Error names the flag or the address at fault.
  //
  // Leaves signals, limits and the log as they are: it logs to spdlog's default logger, and
  // Options::log_level is for run() alone.
  //
  // `make_renderer` is in_processes() (in_processes.h) or in_threads() (in_threads.h), and what
  // that one requires holds here.
  [[nodiscard]] static Result<std::unique_ptr<ImageServer>> start(
      const Options& options, const MakeRenderer& make_renderer);

  // Stops as request_stop(), called twice, and wait() do.
  ~ImageServer();

  ImageServer(const ImageServer&) = delete;
  ImageServer& operator=(const ImageServer&) = delete;

  // The port that is listened on (useful where port 0 was asked for).
  [[nodiscard]] std::uint16_t port() const;

  // Begins to leave: not ready any more, and out of the list of nodes where this node put itself
  // there; everything is still served for Options::drain, or until this is called once more. Then
  // there are no new connections; requests under way are finished, or cancelled after 10 seconds.
  // Returns at once.
  void request_stop();

  // Looks again for the peers' names, where they do not come from the flags, and reads the presets
  // again: if there is anything wrong with them, the old ones stay. Blocks on the disk.
  void refresh();

  // Returns once the server has left.
  void wait();

 private:
  class Impl;
  explicit ImageServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Runs a server until SIGINT or SIGTERM; a second one ends the drain, a third one the process.
// SIGHUP is refresh(). Returns the exit code: 0, or after one line on standard error that says why
// it could not start 1, 2 if a flag is wrong. While it runs, spdlog's default logger writes to
// standard error; nothing waits for whoever reads that. Then it is again the one it was before.
//
// REQUIRES: descriptors 0, 1 and 2 are open; no other thread logs when it begins and ends.
int run(const Options& options, const MakeRenderer& make_renderer);

// The same with in_processes().
int run(const Options& options);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_H_
