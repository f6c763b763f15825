#include "membership/etcd_discovery.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/printable.h"
#include "membership/etcd_api.h"

namespace imageserver {
namespace {

constexpr milliseconds kLeaving{2000};
constexpr std::size_t kMaxShown = 200;

// So that three keepalives are due before the lease ends.
milliseconds keepalive_period(std::chrono::seconds time_to_live) {
  return milliseconds(time_to_live) * 3 / 10;
}

}  // namespace

// Shared with its coroutines, which may outlive the discovery. Threads: the context's, where
// nothing else is said.
class EtcdDiscovery::Member : public std::enable_shared_from_this<Member> {
 public:
  Member(net::io_context& context, EtcdOptions options)
      : options_(std::move(options)),
        executor_(context.get_executor()),
        pause_(executor_),
        api_(context, options_.endpoints) {}

  // Any thread.
  void start(std::function<void(View)> on_view);
  void refresh();
  void leave(std::function<void()> done);

  // The discovery is gone.
  void close();

 private:
  static Awaitable<void> run(std::shared_ptr<Member> self);
  static Awaitable<void> revoke(std::shared_ptr<Member> self, LeaseId lease);

  // look() at each endpoint in turn, until it succeeds at one.
  Awaitable<View> look_anywhere();
  Awaitable<View> look();

  // None: there is a lease, and it lives. Else the reason why there is none.
  Awaitable<std::optional<Error>> hold_lease();
  Awaitable<std::optional<Error>> keep_alive();
  Awaitable<std::optional<Error>> grant();
  Awaitable<std::optional<Error>> put_self();
  Awaitable<void> rest();

  void drop_foreign(std::vector<std::string>& names);
  void begin_leaving();
  void finish_leaving();  // any thread

  const EtcdOptions options_;
  const Executor executor_;
  Timer pause_;
  EtcdApi api_;
  std::function<void(View)> on_view_;
  std::optional<Lease> lease_;
  Deadline keepalive_due_;
  bool is_put_ = false;     // our name, under the lease
  bool look_soon_ = false;  // a refresh that came during a look
  bool stopped_ = false;
  std::string foreign_;  // the last key that was warned of

  Mutex mutex_;
  std::function<void()> left_ IMAGESERVER_GUARDED_BY(mutex_);  // empty once called
};

void EtcdDiscovery::Member::start(std::function<void(View)> on_view) {
  on_view_ = std::move(on_view);
  const auto ended = [](const std::exception_ptr& thrown) {
    if (thrown) log::error("etcd: the ring's nodes are no longer looked for");
  };
  net::co_spawn(executor_, run(shared_from_this()), ended);
}

void EtcdDiscovery::Member::refresh() {
  net::post(executor_, [self = shared_from_this()] {
    self->look_soon_ = true;
    self->pause_.cancel();
  });
}

void EtcdDiscovery::Member::leave(std::function<void()> done) {
  {
    const MutexLock lock(mutex_);
    left_ = std::move(done);
  }
  net::post(executor_, [self = shared_from_this()] { self->begin_leaving(); });
}

void EtcdDiscovery::Member::close() {
  stopped_ = true;
  pause_.cancel();
  api_.close_connections();
  finish_leaving();
}

// A request to etcd that is under way goes on meanwhile, and does no harm: etcd refuses a put under
// a lease that is revoked, and a lease that is granted after this is never used.
void EtcdDiscovery::Member::begin_leaving() {
  const bool has_left = stopped_ || !lease_;
  stopped_ = true;
  pause_.cancel();
  if (has_left) return finish_leaving();
  const auto ended = [self = shared_from_this()](const std::exception_ptr&) {
    self->finish_leaving();
  };
  net::co_spawn(executor_, revoke(shared_from_this(), lease_->id), ended);
}

void EtcdDiscovery::Member::finish_leaving() {
  std::function<void()> done;
  {
    const MutexLock lock(mutex_);
    done = std::exchange(left_, nullptr);
  }
  if (done) done();
}

Awaitable<void> EtcdDiscovery::Member::run(std::shared_ptr<Member> self) {
  while (!self->stopped_) {
    self->look_soon_ = false;
    View view = co_await self->look_anywhere();
    if (self->stopped_) break;
    self->on_view_(std::move(view));
    co_await self->rest();
  }
}

// Each endpoint has an equal part of the time, so that one that does not answer leaves time for the
// others.
Awaitable<void> EtcdDiscovery::Member::revoke(std::shared_ptr<Member> self, LeaseId lease) {
  const std::size_t endpoints = self->api_.endpoints();
  for (std::size_t i = 0; i < endpoints; ++i) {
    const Deadline deadline = Clock::now() + kLeaving / endpoints;
    const auto error = co_await self->api_.revoke(lease, deadline);
    if (!error) break;
    log::warn("deregistering: {}", error->message);
    self->api_.use_next_endpoint();
  }
}

Awaitable<View> EtcdDiscovery::Member::look_anywhere() {
  View view = membership_error("not looked");
  for (std::size_t i = 0; i < api_.endpoints(); ++i) {
    view = co_await look();
    if (view.has_value() || stopped_) break;
    api_.use_next_endpoint();
  }
  co_return view;
}

Awaitable<View> EtcdDiscovery::Member::look() {
  auto error = co_await hold_lease();
  if (!error && !is_put_) error = co_await put_self();
  if (error) co_return *std::move(error);
  auto names = co_await api_.range(options_.prefix);
  if (names.has_error()) co_return names.error();
  // Somebody may have removed our name.
  is_put_ = std::ranges::find(*names, options_.self) != names->end();
  drop_foreign(*names);
  View view = make_view(*std::move(names));
  if (view.has_error()) co_return membership_error("etcd: " + view.error().message);
  co_return view;
}

// A key that names no node was put there by somebody else, and must not stop the ring from
// changing.
void EtcdDiscovery::Member::drop_foreign(std::vector<std::string>& names) {
  const auto foreign =
      std::ranges::partition(names, [](const std::string& name) { return is_peer_name(name); });
  if (!foreign.empty() && foreign.front() != foreign_) {
    foreign_ = foreign.front();
    log::warn("etcd: the key {}{} names no node and is ignored", options_.prefix,
              printable(foreign_, kMaxShown));
  }
  names.erase(foreign.begin(), foreign.end());
}

Awaitable<std::optional<Error>> EtcdDiscovery::Member::hold_lease() {
  if (lease_ && Clock::now() >= keepalive_due_) {
    auto error = co_await keep_alive();
    if (error) co_return error;
  }
  if (lease_) co_return std::nullopt;
  co_return co_await grant();
}

Awaitable<std::optional<Error>> EtcdDiscovery::Member::keep_alive() {
  const Deadline now = Clock::now();
  const auto lives = co_await api_.keep_alive(lease_->id);
  if (lives.has_error()) co_return lives.error();
  if (lives->count() == 0) {
    log::warn("etcd: the lease is lost, registering anew");
    lease_.reset();
    co_return std::nullopt;
  }
  keepalive_due_ = now + keepalive_period(*lives);
  co_return std::nullopt;
}

Awaitable<std::optional<Error>> EtcdDiscovery::Member::grant() {
  const Deadline now = Clock::now();
  const auto lease = co_await api_.grant(options_.time_to_live);
  if (lease.has_error()) co_return lease.error();
  if (stopped_) co_return membership_error("leaving");
  lease_ = *lease;
  keepalive_due_ = now + keepalive_period(lease->time_to_live);
  is_put_ = false;
  co_return std::nullopt;
}

// If etcd refuses, our lease may be gone. The next look keeps the lease alive first, and so finds
// out.
Awaitable<std::optional<Error>> EtcdDiscovery::Member::put_self() {
  std::string key = options_.prefix + options_.self;
  auto error = co_await api_.put(std::move(key), options_.self, lease_->id);
  is_put_ = !error;
  if (error) {
    keepalive_due_ = Clock::now();
  } else {
    log::info("etcd: registered as {}", options_.self);
  }
  co_return error;
}

Awaitable<void> EtcdDiscovery::Member::rest() {
  if (look_soon_) co_return;
  pause_.expires_after(options_.beat);
  co_await pause_.async_wait(net::as_tuple(use_awaitable));
}

EtcdDiscovery::EtcdDiscovery(net::io_context& context, EtcdOptions options)
    : member_(std::make_shared<Member>(context, std::move(options))) {}

EtcdDiscovery::~EtcdDiscovery() { member_->close(); }

void EtcdDiscovery::start(std::function<void(View)> on_view) { member_->start(std::move(on_view)); }

void EtcdDiscovery::refresh() { member_->refresh(); }

void EtcdDiscovery::leave(std::function<void()> done) { member_->leave(std::move(done)); }

}  // namespace imageserver
