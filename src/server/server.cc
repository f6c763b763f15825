#include "imageserver/server.h"

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <utility>

#include "base/address.h"
#include "base/io_pool.h"
#include "base/log.h"
#include "base/worker_pool.h"
#include "http/server.h"
#include "image/vips_library.h"
#include "imageserver/group.h"
#include "imageserver/source.h"
#include "server/peer_client.h"
#include "server/render_loader.h"
#include "server/router.h"
#include "server/sample_images.h"

namespace imageserver {
namespace {

std::size_t threads_or_cores(int threads) {
  if (threads > 0) return static_cast<std::size_t>(threads);
  return std::max(1U, std::thread::hardware_concurrency());
}

// A node's name on the ring, as the Go program makes it from a flag's value.
std::string ring_name(const std::string& peer) { return "http://" + peer; }

GroupOptions group_options(const Options& options) {
  GroupOptions group;
  group.cache_bytes = options.groupcache;
  group.self = ring_name(options.self());
  for (const std::string& peer : options.groupcache_peers) group.peers.push_back(ring_name(peer));
  return group;
}

std::filesystem::path source_directory(const Options& options) {
  return options.source.empty() ? sample_images() : std::filesystem::path(options.source);
}

}  // namespace

// The order of the members is the order of their lifetimes: each uses only what stands above it.
class ImageServer::Impl {
 public:
  Impl(const Options& options, std::unique_ptr<Source> source)
      : source_(std::move(source)),
        io_(threads_or_cores(options.io_threads)),
        workers_(threads_or_cores(options.workers), static_cast<std::size_t>(options.queue),
                 VipsLibrary::thread_exit),
        loader_(*source_, workers_),
        peers_(io_, options.peer_timeout),
        group_(group_options(options), loader_, peers_),
        router_(std::make_shared<Router>(group_, ready_,
                                         ImageHandler(group_, options.timeout, options.max_age),
                                         PeerHandler(group_, options.timeout))) {}

  ~Impl() {
    request_stop();
    wait();
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> listen(const Address& address) {
    auto http = Server::listen(io_, address, router_);
    if (http.has_error()) return http.error();
    http_ = std::move(*http);
    io_.start();
    http_->start();
    ready_ = true;
    return {};
  }

  [[nodiscard]] std::uint16_t port() const { return http_->port(); }

  void request_stop() {
    if (stopping_.exchange(true)) return;
    ready_ = false;
    if (!http_) return gone_.set_value();
    http_->drain([this] { gone_.set_value(); });
  }

  void wait() {
    if (waited_) return;
    gone_.get_future().wait();
    // No request is left, so nobody waits for a render: what still runs has been told to stop.
    workers_.stop();
    io_.stop();
    waited_ = true;
  }

 private:
  const VipsLibrary vips_;
  const std::unique_ptr<Source> source_;
  std::atomic<bool> ready_ = false;
  std::atomic<bool> stopping_ = false;
  std::promise<void> gone_;
  bool waited_ = false;
  IoPool io_;
  WorkerPool workers_;
  RenderLoader loader_;
  PeerClient peers_;
  Group group_;
  std::shared_ptr<Router> router_;
  std::unique_ptr<Server> http_;
};

ImageServer::ImageServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ImageServer::~ImageServer() = default;

Result<std::unique_ptr<ImageServer>> ImageServer::start(const Options& options) {
  const auto address = parse_address(options.http);
  if (!address) return Error{ErrorKind::kInvalidParam, "--http: not an address"};
  const auto directory = source_directory(options);
  auto source = open_directory_source(directory);
  if (source.has_error()) {
    return Error{source.error().kind,
                 "--source: " + directory.string() + ": " + source.error().message};
  }
  auto impl = std::make_unique<Impl>(options, std::move(*source));
  if (const Result<void> listening = impl->listen(*address); listening.has_error()) {
    return Error{listening.error().kind, options.http + ": " + listening.error().message};
  }
  log::info("listening on {} as {} with {} peers", options.http, options.self(),
            options.groupcache_peers.size());
  return std::unique_ptr<ImageServer>(new ImageServer(std::move(impl)));
}

std::uint16_t ImageServer::port() const { return impl_->port(); }

void ImageServer::request_stop() { impl_->request_stop(); }

void ImageServer::wait() { impl_->wait(); }

}  // namespace imageserver
