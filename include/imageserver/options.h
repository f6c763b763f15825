// The flags of the program, parsed. Each default stands here; --help and README repeat them, and a
// test holds the three equal.

#ifndef IMAGESERVER_OPTIONS_H_
#define IMAGESERVER_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imageserver/cache_policy.h"
#include "imageserver/prefix_rule.h"
#include "imageserver/ring_mode.h"
#include "imageserver/sandbox_mode.h"
#include "imageserver/untrusted_formats.h"

namespace imageserver {

// Where the names of the peers come from.
enum class PeersFrom : std::uint8_t { kFlag, kFile, kDns, kEtcd };

struct Options {
  // Address to listen on: `:port` (every address), `host:port` or `[v6]:port`. Port 0: any free
  // one.
  std::string http = ":8080";

  // Bytes of main and hot cache together; 0 or less switches caching off.
  std::int64_t groupcache = 134'217'728;

  // Of the main cache.
  CachePolicy groupcache_policy = CachePolicy::kS3Fifo;

  // The other nodes of the ring, as `:port`, `host:port` or `[v6]:port`; none twice, nor self().
  std::vector<std::string> groupcache_peers;

  // A file with the names of the nodes; empty: none. At most one of groupcache_peers, this and the
  // next two is given.
  std::string groupcache_peers_file;

  // `host:port`, whose addresses are the nodes, or `srv:name`, whose SRV records are; empty: none.
  std::string groupcache_peers_dns;

  // Where etcd is, as URLs separated by commas; empty: nowhere.
  std::string groupcache_peers_etcd;

  // The DNS server to ask, as `ip:port`; empty: the system's.
  std::string groupcache_peers_dns_server;

  // The keys of etcd below which the nodes register.
  std::string groupcache_peers_etcd_prefix = "/imageserver/peers/";

  // Time between two looks into DNS.
  std::chrono::milliseconds groupcache_peers_interval{10'000};

  // This node's name as its peers write it; empty: the address they speak to.
  std::string groupcache_self;

  // A second address, for peers, `/peers` and `/stats` alone; empty: they share `http`.
  std::string groupcache_listen;

  // A file whose content peers sign their requests with; `/stats` and `/peers` then ask for a token
  // that is made of it. Empty: nothing is signed, and no token asked for.
  std::string groupcache_secret_file;

  // A file with the token of those who may purge. Empty: there is none.
  std::string purge_token_file;

  RingMode groupcache_ring = RingMode::kBalanced;

  // Where the originals are: directories, or URLs of http and https; no prefix twice. Empty: the
  // sample images.
  std::vector<PrefixRule> sources;

  // A file with header fields for servers, one `PREFIX Name: value` a line; empty: none.
  std::string source_header_file;

  // A file with the certificates, in PEM, that servers of originals are trusted by; empty: those of
  // the system.
  std::string source_ca;

  // CIDRs and hosts, separated by commas, that originals may be fetched from although they are not
  // public.
  std::string source_allow_private;

  // Bytes of one original that is fetched. Above 0, at most 20 MiB.
  std::int64_t source_max_bytes = 20'971'520;

  // Bytes of the cache of originals that were fetched; 0: they are not cached.
  std::int64_t source_cache = 67'108'864;

  // Bytes of originals that are being fetched, or wait for a render, all together. Above 0.
  std::int64_t source_bytes = 268'435'456;

  // Time until a server of originals is connected to, until its answer begins, and until all of an
  // original is there.
  std::chrono::milliseconds source_connect_timeout{2'000};
  std::chrono::milliseconds source_first_byte_timeout{4'000};
  std::chrono::milliseconds source_timeout{5'000};

  // Fetches at a time from one server; others wait.
  int source_connections = 32;

  // How long an original counts as unchanged before it is looked at again. None: an hour if a
  // server has it, a second if it lies in a directory.
  std::optional<std::chrono::milliseconds> source_ttl;

  // How long after that what was made of it is served while nobody can look at it, and while it is
  // looked at on a server.
  std::chrono::milliseconds stale{86'400'000};

  // Whether a server's own Cache-Control and Expires go before `source_ttl`.
  bool source_respect_cache_control = false;

  // The originals, by their paths, that stand in for those that are missing or cannot be read; no
  // prefix twice. Empty: an error stays an error.
  std::vector<PrefixRule> fallbacks;

  // The status of an answer with one: 404 or 200.
  int fallback_status = 404;

  // Directory, or URL, of the pictures that `watermark=name` may name; empty: there are none.
  std::string watermarks;

  // A file with presets, one `name=query` a line; empty: there are none.
  std::string presets;

  // Requests may give `preset` and nothing else.
  bool presets_only = false;

  // Unknown parameters are refused, not ignored.
  bool strict_params = false;

  // Which of the formats are read whose readers are not made for strangers' files.
  UntrustedFormats untrusted_formats;

  // What becomes of the server where the sandbox of its renderers is not whole.
  SandboxMode sandbox = SandboxMode::kAuto;

  // Megapixels of a result up to which `format=auto` may choose AVIF, which is slow.
  double avif_auto_max_mp = 2;

  // Renders at a time; 0: one more than there are cores, as a renderer waits now and then.
  int workers = 0;

  // Bytes of all renderers together; 0: half of the memory that the machine has, or the control
  // group.
  std::int64_t render_memory = 0;

  // Renders after which a renderer is replaced; 0: never.
  int render_recycle = 10'000;

  // For how long a picture is refused that a renderer died of, or an original that a server does
  // not have.
  std::chrono::milliseconds negative_ttl{10'000};

  // Threads that serve connections; 0: one a core.
  int io_threads = 0;

  // Connections of clients and peers at a time; 0, or more than there are descriptors for: as many
  // as there are descriptors for.
  int max_connections = 0;

  // Bytes of the answers that clients have not taken yet, all together. Above 0.
  std::int64_t answer_bytes = 536'870'912;

  // Renders that may wait for a worker.
  int queue = 256;

  // Time for one request.
  std::chrono::milliseconds timeout{10'000};

  // Time for one fetch from a peer; none: 60 % of the time the request has left.
  std::optional<std::chrono::milliseconds> peer_timeout;

  // Once told to leave: time to go on serving while others take notice.
  std::chrono::milliseconds drain{5'000};

  // Seconds a client may keep an image (Cache-Control: max-age).
  int max_age = 600;

  // trace, debug, info, warning, error, critical or off.
  std::string log_level = "info";

  friend bool operator==(const Options&, const Options&) = default;

  // groupcache_self, or the name that stands in for it.
  [[nodiscard]] const std::string& self() const {
    if (!groupcache_self.empty()) return groupcache_self;
    return groupcache_listen.empty() ? http : groupcache_listen;
  }

  [[nodiscard]] PeersFrom peers_from() const {
    if (!groupcache_peers_file.empty()) return PeersFrom::kFile;
    if (!groupcache_peers_dns.empty()) return PeersFrom::kDns;
    return groupcache_peers_etcd.empty() ? PeersFrom::kFlag : PeersFrom::kEtcd;
  }
};

}  // namespace imageserver

#endif  // IMAGESERVER_OPTIONS_H_
