// The flags of the program, parsed. Each default stands here; --help and README repeat them, and a
// test holds the three equal.

#ifndef IMAGESERVER_OPTIONS_H_
#define IMAGESERVER_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace imageserver {

struct Options {
  // Address to listen on: `:port` (every address), `host:port` or `[v6]:port`. Port 0: any free
  // one.
  std::string http = ":8080";

  // Bytes of main and hot cache together; 0 or less switches caching off.
  std::int64_t groupcache = 134'217'728;

  // The other nodes of the ring, as `:port`, `host:port` or `[v6]:port`; none twice, nor self().
  std::vector<std::string> groupcache_peers;

  // This node's name as its peers write it; empty: the value of `http`.
  std::string groupcache_self;

  // Directory of the originals; empty: the sample images.
  std::string source;

  // Threads that render; 0: one a core.
  int workers = 0;

  // Threads that serve connections; 0: one a core.
  int io_threads = 0;

  // Renders that may wait for a worker.
  int queue = 256;

  // Time for one request.
  std::chrono::milliseconds timeout{10'000};

  // Time for one fetch from a peer; none: 60 % of the time the request has left.
  std::optional<std::chrono::milliseconds> peer_timeout;

  // Seconds a client may keep an image (Cache-Control: max-age).
  int max_age = 600;

  // trace, debug, info, warning, error, critical or off.
  std::string log_level = "info";

  friend bool operator==(const Options&, const Options&) = default;

  // groupcache_self, or the name that stands in for it.
  [[nodiscard]] const std::string& self() const {
    return groupcache_self.empty() ? http : groupcache_self;
  }
};

// The program is done without having served: --help or --version (text for standard output, code 0)
// or a wrong flag (one line for standard error that names it, code 2). The text ends its last line.
struct EarlyExit {
  int code = 0;
  std::string text;
};

// Parses the command line as Go's flag package would: one dash or two, `=` or a space, the last of
// a repeated flag counts. Threads: any. Never throws and writes nothing.
[[nodiscard]] std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv);

}  // namespace imageserver

#endif  // IMAGESERVER_OPTIONS_H_
