#include "imageserver/server.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/io_pool.h"
#include "base/log.h"
#include "base/machine_memory.h"
#include "base/worker_pool.h"
#include "groupcache/group.h"
#include "groupcache/hybrid_clock.h"
#include "groupcache/known_originals.h"
#include "groupcache/original_query.h"
#include "groupcache/purge_log.h"
#include "groupcache/remembering_loader.h"
#include "handlers/fallbacks.h"
#include "handlers/image_handler.h"
#include "handlers/info_handler.h"
#include "handlers/purge_gate.h"
#include "handlers/purge_handler.h"
#include "handlers/read_gate.h"
#include "handlers/router.h"
#include "handlers/stats_json.h"
#include "http/backlog.h"
#include "http/seats.h"
#include "http/server.h"
#include "membership/discovery.h"
#include "membership/roster.h"
#include "params/parse_target.h"
#include "peers/peer_client.h"
#include "peers/peer_handler.h"
#include "peers/peers_json.h"
#include "peers/purge_talk.h"
#include "peers/signature_gate.h"
#include "render/renderer.h"
#include "server/descriptors.h"
#include "server/info_loader.h"
#include "server/make_discovery.h"
#include "server/origin_loader.h"
#include "server/originals.h"
#include "server/render_loader.h"
#include "server/render_memory.h"
#include "server/renderers_json.h"
#include "server/resources.h"
#include "server/ring_purges.h"
#include "server/ring_settings.h"
#include "server/shutdown.h"
#include "server/source_checker.h"
#include "server/worker_job.h"
#include "source/open_source.h"

namespace imageserver {
namespace {

std::size_t cores() { return std::max(1U, std::thread::hardware_concurrency()); }

std::size_t io_threads(const Options& options) {
  return options.io_threads > 0 ? static_cast<std::size_t>(options.io_threads) : cores();
}

// A renderer has nothing to do while its worker takes one picture and fetches the next. One more
// than there are cores keeps all of them busy.
std::size_t workers(const Options& options) {
  return options.workers > 0 ? static_cast<std::size_t>(options.workers) : cores() + 1;
}

// A node's name on the ring, as the Go program makes it from a flag's value.
std::string ring_name(const std::string& peer) { return "http://" + peer; }

std::vector<std::string> ring_names(const std::vector<std::string>& peers) {
  std::vector<std::string> names;
  names.reserve(peers.size());
  for (const std::string& peer : peers) names.push_back(ring_name(peer));
  return names;
}

GroupOptions group_options(const Options& options) {
  GroupOptions group;
  group.mode = options.groupcache_ring;
  group.cache_bytes = options.groupcache;
  group.policy = options.groupcache_policy;
  group.self = ring_name(options.self());
  group.peers = ring_names(options.groupcache_peers);
  return group;
}

// The canonical names of the originals of a spec that names them by paths.
std::vector<std::string> names_of(const TransformSpec& spec, const Resources& resources) {
  std::vector<std::string> names = {resources.sources->canonical_name(spec.source)};
  if (spec.watermark && resources.watermarks) {
    names.push_back(resources.watermarks->canonical_name(spec.watermark->name));
  }
  return names;
}

std::vector<std::string> names_of(const Query& query, const Resources& resources) {
  if (query.of == Query::Of::kOriginal) return {query.spec.source};
  return names_of(query.spec, resources);
}

// Of a group whose queries name originals by paths. REQUIRES: the resources outlive the group.
GroupOptions path_options(const Options& options, const Resources& resources) {
  GroupOptions group = group_options(options);
  group.names_of = [&resources](const TransformSpec& spec) { return names_of(spec, resources); };
  return group;
}

GroupOptions picture_options(const Options& options, const Resources& resources) {
  GroupOptions group = path_options(options, resources);
  group.settings = ring_settings(options, resources);
  return group;
}

// An eighth of it is for descriptions (the hot cache): some ten thousand.
constexpr std::int64_t kInfoCacheBytes = 32U << 20U;

// The group of descriptions, each of which is made anew after a minute. Go nodes know none: in a Go
// ring each node describes for itself.
GroupOptions info_options(const Options& options, const Resources& resources) {
  GroupOptions group = path_options(options, resources);
  group.cache_bytes = std::min(group.cache_bytes, kInfoCacheBytes);
  group.keeps_own = false;
  if (group.mode == RingMode::kGo) group.peers.clear();
  group.mode = RingMode::kBalanced;
  return group;
}

// Whether none but nodes of the ring can ask as one.
bool is_closed(const Options& options, const Resources& resources) {
  return !resources.secret.empty() || !options.groupcache_listen.empty();
}

// Whether other nodes may be given originals: only if nobody else can ask for them.
bool gives_originals(const Options& options, const Resources& resources) {
  return is_closed(options, resources) && options.groupcache_ring == RingMode::kBalanced;
}

// The group of originals that servers have. An original of more than an eighth of the cache would
// push out too many others.
GroupOptions source_options(const Options& options, const Resources& resources) {
  GroupOptions group = group_options(options);
  group.cache_bytes = options.source_cache;
  group.policy = CachePolicy::kLru;
  group.smallest_share = 8;
  group.mode = RingMode::kBalanced;
  if (!gives_originals(options, resources)) group.peers.clear();
  return group;
}

// What a server does not give is not asked for again at once: not for long, if it may be back soon.
constexpr std::chrono::milliseconds kFaultToLive{1'000};

RememberingLoader::TimeToLive origin_errors(const Options& options) {
  return [most = options.negative_ttl](const Query& /*query*/, ErrorKind kind) {
    switch (kind) {
      case ErrorKind::kNotFound:
      case ErrorKind::kUnprocessable:
        return most;
      case ErrorKind::kOrigin:
      case ErrorKind::kOriginLate:
        return std::min(most, kFaultToLive);
      default:
        return std::chrono::milliseconds(0);
    }
  };
}

// A file on the disk may be mended at any time, and costs no server anything. REQUIRES: the
// resources outlive the loader.
RememberingLoader::TimeToLive render_errors(const Options& options, const Resources& resources) {
  return [most = options.negative_ttl, &sources = *resources.sources](const Query& query,
                                                                      ErrorKind kind) {
    switch (kind) {
      case ErrorKind::kDeadly:
      case ErrorKind::kNeedsMemory:
        return most;
      case ErrorKind::kUnprocessable:
        return sources.canonical_name(query.spec.source) == query.spec.source
                   ? std::chrono::milliseconds(0)
                   : most;
      default:
        return std::chrono::milliseconds(0);
    }
  };
}

// The fence that the originals themselves know: a purge that falls out of a full log is no new one.
// REQUIRES: both outlive the loader.
RememberingLoader::FenceOf fence_of(KnownOriginals& known, const Resources& resources) {
  return [&known, &resources](const Query& query) {
    std::uint64_t fence = 0;
    if (known.purges()->position() == 0) return fence;
    for (const std::string& name : names_of(query, resources)) {
      fence = std::max(fence, known.get(name)->fence(Clock::now()));
    }
    return fence;
  };
}

// What this node tells others of purges, and believes of them. Null: nothing. REQUIRES: both
// outlive it.
std::shared_ptr<const PurgeTalk> purge_talk(const Options& options, const Resources& resources,
                                            PurgeLog& purges) {
  if (!is_closed(options, resources)) return nullptr;
  return std::make_shared<const PurgeTalk>(PurgeTalk::Terms{
      .log = purges,
      .secret = resources.secret,
      .self = ring_name(options.self()),
      .names_of = [&resources](const Query& query) { return names_of(query, resources); }});
}

FreshnessTerms freshness_terms(const Options& options) {
  return {.ttl = options.source_ttl,
          .stale = options.stale,
          .respects_origin = options.source_respect_cache_control};
}

std::vector<const Sources*> all_sources(const Resources& resources) {
  std::vector<const Sources*> all = {resources.sources.get()};
  if (resources.watermarks) all.push_back(resources.watermarks.get());
  return all;
}

std::vector<std::string> names_in(const RingView& ring) {
  std::vector<std::string> names;
  names.reserve(ring.nodes.size());
  for (const RingView::Node& node : ring.nodes) names.push_back(node.name);
  return names;
}

bool may_have_peers(const Options& options) {
  return !options.groupcache_peers.empty() || options.peers_from() != PeersFrom::kFlag;
}

// Renderers that may hold memory at a time. Where there are files that have a renderer for
// themselves, another one waits beside it.
std::size_t most_renderers(const Options& options) {
  const bool has_two_kinds = options.untrusted_formats != UntrustedFormats();
  return workers(options) * (has_two_kinds ? 2 : 1);
}

// Connections to servers of originals at a time. Each I/O thread keeps as many as one server may
// have.
std::size_t origin_connections(const Options& options) {
  const auto is_server = [](const PrefixRule& rule) { return is_remote(rule.value); };
  const std::ptrdiff_t servers = std::ranges::count_if(options.sources, is_server) +
                                 static_cast<std::ptrdiff_t>(is_remote(options.watermarks));
  if (servers == 0) return 0;
  const auto each = static_cast<std::size_t>(options.source_connections);
  return each * (static_cast<std::size_t>(servers) + io_threads(options));
}

// Places of originals on disks.
std::size_t directories(const Options& options) {
  const auto is_directory = [](const PrefixRule& rule) { return !is_remote(rule.value); };
  const std::ptrdiff_t sources = std::ranges::count_if(options.sources, is_directory);
  const bool are_samples = options.sources.empty();
  const bool are_marks = !options.watermarks.empty() && !is_remote(options.watermarks);
  return static_cast<std::size_t>(sources) + (are_samples ? 1 : 0) + (are_marks ? 1 : 0);
}

std::size_t most_connections(const Options& options) {
  const OtherDescriptors others{.io_threads = io_threads(options),
                                .workers = workers(options),
                                .renderers = most_renderers(options),
                                .origins = origin_connections(options),
                                .directories = directories(options),
                                .peers = may_have_peers(options)};
  const std::size_t possible = connections_for(descriptor_limit(), others);
  if (options.max_connections == 0) return possible;
  const auto asked = static_cast<std::size_t>(options.max_connections);
  if (asked > possible) {
    log::warn("--max-connections is {}, but there are descriptors for {} only", asked, possible);
  }
  return std::min(asked, possible);
}

// Paths of flags have a slash in front, and names of originals have none.
Fallbacks fallbacks(const Options& options) {
  std::vector<PrefixMap<std::string>::Entry> sources;
  sources.reserve(options.fallbacks.size());
  for (const PrefixRule& rule : options.fallbacks) {
    sources.emplace_back(rule.prefix, rule.value.substr(1));
  }
  return {.sources = PrefixMap<std::string>(std::move(sources)),
          .status = static_cast<unsigned>(options.fallback_status)};
}

ServerShared make_shared_parts(const Options& options) {
  return {.seats = std::make_shared<Seats>(most_connections(options)),
          .backlog = std::make_shared<Backlog>(static_cast<std::size_t>(options.answer_bytes))};
}

void log_start(const Options& options) {
  log::info("listening on {} as {}", options.http, options.self());
  if (!options.groupcache_listen.empty()) {
    log::info("listening on {} for peers", options.groupcache_listen);
  }
  if (options.peers_from() != PeersFrom::kFlag && options.self().starts_with(':')) {
    log::warn("--groupcache-self is {}, a name that leads to this node on this machine only",
              options.self());
  }
}

TransformContext transform_context(const Options& options) {
  constexpr double kMega = 1e6;
  TransformContext context;
  context.untrusted = options.untrusted_formats;
  context.avif_auto_max_pixels =
      static_cast<std::int64_t>(std::llround(options.avif_auto_max_mp * kMega));
  return context;
}

// Half of what there is, but not less than the renderers need to be of use.
std::int64_t usual_render_memory(const Options& options) {
  const std::int64_t least = least_render_memory(most_renderers(options));
  const std::int64_t half = machine_memory() / 2;
  if (half < least)
    log::warn(
        "renders may take {} MiB, which is more than half of the memory here: use fewer --workers",
        least >> 20);
  return std::max(half, least);
}

JobMemory job_memory(const Options& options) {
  const std::int64_t total =
      options.render_memory > 0 ? options.render_memory : usual_render_memory(options);
  return share_out(total, most_renderers(options));
}

// Some pictures take longer than a client waits, and are made for those who ask again. One that
// takes so many times as long never will be.
constexpr int kTimesToRender = 6;

RenderTerms render_terms(const Options& options, const JobMemory& memory) {
  return {.context = transform_context(options),
          .workers = workers(options),
          .unasked = {.work = kMostLightWork, .memory = memory.own},
          .nicer = WorkerPool::kNicer,
          .recycle = static_cast<std::size_t>(options.render_recycle),
          .longest = kTimesToRender * options.timeout,
          .sandbox = options.sandbox};
}

// The error, if --render-memory is too little for the renderers.
std::optional<Error> check_render_memory(const Options& options) {
  const std::int64_t least = least_render_memory(most_renderers(options));
  if (options.render_memory == 0 || options.render_memory >= least) return std::nullopt;
  return Error{ErrorKind::kInvalidParam, "--render-memory: must be at least " +
                                             std::to_string(least >> 20) +
                                             "MiB for so many renderers (--workers)"};
}

}  // namespace

// The order of the members is the order of their lifetimes: each uses only what stands above it.
class ImageServer::Impl {
 public:
  Impl(const Options& options, std::unique_ptr<IoPool> io, Resources resources,
       const JobMemory& memory, std::unique_ptr<Renderer> renderer)
      : options_(options),
        io_(std::move(io)),
        resources_(std::move(resources)),
        renderer_(std::move(renderer)),
        workers_({.threads = workers(options),
                  .waiting = static_cast<std::size_t>(options.queue),
                  .memory = memory,
                  .patience = options.timeout / 2,
                  .on_thread_exit = [this] { renderer_->thread_exit(); }}),
        gate_(resources_.secret),
        talk_(purge_talk(options, resources_, purge_log_)),
        peers_(*io_, peer_options()),
        checker_(io_->at(0), all_sources(resources_), freshness_terms(options),
                 options.untrusted_formats, known_,
                 [this](const std::string& name, const ImagePtr& original, std::uint64_t fence) {
                   const Query query = *original_query(name, Query::From::kClient, Deadline::max());
                   source_group_.keep(query, original, fence);
                 }),
        origins_(all_sources(resources_), options.untrusted_formats, checker_),
        origin_loader_(origins_, origin_errors(options), fence_of(known_, resources_)),
        source_group_(looked_after(source_options(options, resources_)), origin_loader_, peers_),
        originals_(*resources_.sources, source_group_, checker_),
        renders_(originals_, watermarks(), workers_, *renderer_),
        descriptions_(originals_, workers_, *renderer_),
        loader_(renders_, render_errors(options, resources_), fence_of(known_, resources_)),
        info_loader_(descriptions_, render_errors(options, resources_),
                     fence_of(known_, resources_)),
        group_(looked_after(picture_options(options, resources_)), loader_, peers_),
        infos_(looked_after(info_options(options, resources_)), info_loader_, peers_),
        purges_(purge_log_, purge_clock_, *resources_.sources, peers_, purge_terms()),
        purge_gate_(resources_.purge_token, resources_.secret),
        handlers_(handlers()),
        shared_(make_shared_parts(options)),
        shutdown_(io_->at(0), options.drain) {
    peers_.set_peers(ring_names(options.groupcache_peers));
  }

  ~Impl() {
    shutdown_.request();
    shutdown_.request();
    wait();
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> start() {
    auto discovery = make_discovery(options_, membership_.at(0));
    if (discovery.has_error()) return discovery.error();
    discovery_ = std::move(*discovery);
    const bool together = options_.groupcache_listen.empty();
    if (auto failed = listen(options_.http, together ? Audience::kBoth : Audience::kWorld)) {
      return *std::move(failed);
    }
    if (!together) {
      if (auto failed = listen(options_.groupcache_listen, Audience::kRing)) {
        return *std::move(failed);
      }
    }
    open();
    return {};
  }

  [[nodiscard]] std::uint16_t port() const { return servers_.front()->port(); }

  void request_stop() { shutdown_.request(); }

  void refresh() {
    if (discovery_) discovery_->refresh();
    if (resources_.presets) resources_.presets->reload();
    group_.set_settings(ring_settings(options_, resources_));
  }

  void wait() {
    if (waited_) return;
    shutdown_.wait();
    // No request is left, so nobody waits for a render: what still runs has been told to stop.
    checker_.stop();
    workers_.stop();
    renderer_.reset();
    membership_.stop();
    io_->stop();
    known_.drop_looks();
    waited_ = true;
  }

 private:
  // The group's originals are looked at, and what is known of them is known to all groups.
  GroupOptions looked_after(GroupOptions group) {
    group.known = &known_;
    group.checker = &checker_;
    group.stale = options_.stale;
    return group;
  }

  PeerOptions peer_options() {
    return {.mode = options_.groupcache_ring,
            .request_timeout = options_.timeout,
            .timeout = options_.peer_timeout,
            .secret = resources_.secret,
            .fingerprint = [this] { return group_.fingerprint(); },
            .settings = [this] { return group_.settings(); },
            .purges = talk_,
            .originals = resources_.original_bytes};
  }

  // The error, if there is one.
  std::optional<Error> listen(const std::string& where, Audience audience) {
    const auto address = parse_address(where);
    if (!address) return Error{ErrorKind::kInvalidParam, where + ": not an address"};
    auto server = Server::listen(*io_, *address, router(audience), shared_);
    if (server.has_error()) {
      return Error{server.error().kind, where + ": " + server.error().message};
    }
    servers_.push_back(std::move(*server));
    return std::nullopt;
  }

  [[nodiscard]] TargetRules rules() const {
    TargetRules rules;
    if (resources_.presets) rules.presets = resources_.presets->presets();
    rules.presets_only = options_.presets_only;
    rules.strict = options_.strict_params;
    return rules;
  }

  Handlers handlers() {
    return {.images = std::make_shared<ImageHandler>(
                group_, [this] { return rules(); }, options_.timeout, options_.max_age,
                fallbacks(options_)),
            .infos = std::make_shared<InfoHandler>(infos_, options_.timeout, options_.max_age),
            .peers = std::make_shared<PeerHandler>(peer_groups(), gate_, options_.timeout,
                                                   heard_purges()),
            .purges = std::make_shared<PurgeHandler>(purges_, purge_gate_)};
  }

  PeerHandler::Groups peer_groups() {
    return {.pictures = group_,
            .descriptions = infos_,
            .originals = gives_originals(options_, resources_) ? &source_group_ : nullptr};
  }

  PeerHandler::Purges heard_purges() {
    return {.talk = talk_, .heard = [this](const std::string& node, std::string_view digest) {
              peers_.heard_purges(node, digest);
            }};
  }

  RingPurges::Terms purge_terms() {
    return {.self = ring_name(options_.self()),
            .is_told = talk_ != nullptr,
            .nodes = [this] { return names_in(group_.ring()); },
            .owner = [this](const std::string& path) { return owner_of(path); }};
  }

  // In a Go ring each picture has an owner of its own.
  [[nodiscard]] std::optional<std::string> owner_of(const std::string& path) const {
    if (options_.groupcache_ring == RingMode::kGo) return std::nullopt;
    Query query;
    query.spec.source = path;
    return group_.owner(query);
  }

  Originals* watermarks() {
    if (resources_.watermarks) {
      watermarks_.emplace(*resources_.watermarks, source_group_, checker_);
    }
    return watermarks_ ? &*watermarks_ : nullptr;
  }

  std::shared_ptr<Router> router(Audience audience) {
    return std::make_shared<Router>(
        audience, group_, [this] { return settled_ && has_learned_ && !shutdown_.requested(); },
        handlers_,
        Documents{.peers = [this] { return peers(); },
                  .renderers = [this] { return renderers_json(renderer_->stats()); },
                  .sources = [this] { return stats_json(source_group_.stats()); }},
        ReadGate(resources_.secret));
  }

  [[nodiscard]] std::string peers() {
    return peers_json(group_.ring(), ring_name(options_.self()), peers_.peers());
  }

  void open() {
    io_->start();
    if (discovery_) membership_.start();
    shutdown_.prepare(servers_, discovery_.get(), [this] { return is_alone(); });
    for (const auto& server : servers_) server->start();
    if (talk_) peers_.keep_up_with_purges();
    if (!discovery_) return settle();
    roster_ = std::make_unique<Roster>(
        membership_.at(0), RosterOptions{.self = options_.self()},
        [this](const std::vector<std::string>& names) { set_nodes(ring_names(names)); },
        [this] { settle(); });
    discovery_->start([this](View view) { roster_->see(std::move(view)); });
  }

  void settle() {
    settled_ = true;
    purges_.learn([this] { has_learned_ = true; });
  }

  // Nobody has to take notice that this node leaves: no other node is known, and nobody is
  // connected.
  [[nodiscard]] bool is_alone() const {
    return settled_ && peers_.peers().empty() && shared_.seats->taken() == 0;
  }

  // While the ring changes, the peers of both, the old one and the new, can be asked.
  void set_nodes(const std::vector<std::string>& names) {
    std::vector<std::string> others = names;
    std::erase(others, ring_name(options_.self()));
    std::vector<std::string> both = others;
    for (const PeerView& peer : peers_.peers()) both.push_back(peer.name);
    peers_.set_peers(both);
    group_.set_nodes(names);
    if (options_.groupcache_ring == RingMode::kBalanced) infos_.set_nodes(names);
    if (gives_originals(options_, resources_)) source_group_.set_nodes(names);
    peers_.set_peers(others);
  }

  const Options options_;
  const std::unique_ptr<IoPool> io_;
  const Resources resources_;
  std::unique_ptr<Renderer> renderer_;  // null once the server has left
  std::atomic<bool> settled_ = false;   // the nodes of the ring are known, or known to be unknown
  std::atomic<bool> has_learned_ = false;  // of purges
  bool waited_ = false;
  IoPool membership_{1};  // a thread for what nobody waits for: a large ring takes long to make
  WorkerPool workers_;
  SignatureGate gate_;
  HybridClock purge_clock_;
  PurgeLog purge_log_{purge_clock_};
  const std::shared_ptr<const PurgeTalk> talk_;
  PeerClient peers_;
  KnownOriginals known_{&purge_log_};
  SourceChecker checker_;
  OriginLoader origins_;
  RememberingLoader origin_loader_;
  Group source_group_;  // originals that servers have
  Originals originals_;
  std::optional<Originals> watermarks_;
  RenderLoader renders_;
  InfoLoader descriptions_;
  RememberingLoader loader_;
  RememberingLoader info_loader_;
  Group group_;
  Group infos_;  // descriptions of originals
  RingPurges purges_;
  PurgeGate purge_gate_;
  const Handlers handlers_;
  const ServerShared shared_;
  std::vector<std::unique_ptr<Server>> servers_;
  std::unique_ptr<Roster> roster_;
  std::unique_ptr<Discovery> discovery_;
  Shutdown shutdown_;
};

ImageServer::ImageServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ImageServer::~ImageServer() = default;

Result<std::unique_ptr<ImageServer>> ImageServer::start(const Options& options,
                                                        const MakeRenderer& make_renderer) {
  auto io = std::make_unique<IoPool>(io_threads(options));
  auto resources = open_resources(options, *io);
  if (resources.has_error()) return resources.error();
  if (auto error = check_render_memory(options)) return *std::move(error);
  const JobMemory memory = job_memory(options);
  auto renderer = make_renderer(render_terms(options, memory));
  if (renderer.has_error()) return renderer.error();
  auto impl = std::make_unique<Impl>(options, std::move(io), *std::move(resources), memory,
                                     *std::move(renderer));
  if (const Result<void> started = impl->start(); started.has_error()) return started.error();
  log_start(options);
  return std::unique_ptr<ImageServer>(new ImageServer(std::move(impl)));
}

std::uint16_t ImageServer::port() const { return impl_->port(); }

void ImageServer::request_stop() { impl_->request_stop(); }

void ImageServer::refresh() { impl_->refresh(); }

void ImageServer::wait() { impl_->wait(); }

}  // namespace imageserver
