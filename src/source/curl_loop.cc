#include "source/curl_loop.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cerrno>
#include <cstddef>
#include <new>
#include <span>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace imageserver {
namespace {

using Descriptor = net::posix::basic_stream_descriptor<Executor>;

constexpr int kEventsAtOnce = 64;

// The sockets of all transfers are watched by one epoll descriptor, and that one by the context: a
// socket is libcurl's to open and close, and the context need not know of it.
int open_epoll() {
  const int fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return fd;
}

std::uint32_t events_of(int what) {
  const bool reads = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
  const bool writes = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
  return (reads ? EPOLLIN : 0U) | (writes ? EPOLLOUT : 0U);
}

bool is_quiet(curl_socket_t socket) {
  char byte = 0;
  return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

int action_of(std::uint32_t events) {
  int action = 0;
  if ((events & EPOLLIN) != 0) action |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) action |= CURL_CSELECT_OUT;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) action |= CURL_CSELECT_ERR;
  return action;
}

}  // namespace

class CurlLoop::Impl : public std::enable_shared_from_this<CurlLoop::Impl> {
 public:
  Impl(net::io_context& context, std::size_t kept)
      : epoll_(context.get_executor(), open_epoll()),
        timer_(context.get_executor()),
        multi_(curl_multi_init()) {
    if (!multi_) throw std::bad_alloc();
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &Impl::watch);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &Impl::on_timer_wish);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
    keep(kept);
  }

  void keep(std::size_t connections) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(connections));
  }

  void start() { wait(); }

  // Closes all connections. What waits is cancelled, so that the last reference goes with it.
  void stop() {
    stopped_ = true;
    for (const auto& [easy, done] : std::exchange(transfers_, {})) {
      curl_multi_remove_handle(multi_.get(), easy);
    }
    multi_.reset();
    timer_.cancel();
    epoll_.cancel();
  }

  void add(CURL* easy, Done done) {
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Impl::close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &Impl::before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
    transfers_.emplace(easy, std::move(done));
    if (curl_multi_add_handle(multi_.get(), easy) != CURLM_OK) {
      transfers_.erase(easy);
      throw std::bad_alloc();
    }
  }

  void remove(CURL* easy) {
    if (transfers_.erase(easy) == 0) return;
    rest_connection_of(easy);
    curl_multi_remove_handle(multi_.get(), easy);
  }

 private:
  struct FreeMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  // A socket that is not to be watched any more is not touched here: libcurl may have closed it
  // already (one that it was still connecting), and its number may be another file's by now.
  static int watch(CURL* /*easy*/, curl_socket_t socket, int what, void* self,
                   void* /*known*/) try {
    Impl& loop = *static_cast<Impl*>(self);
    if (what == CURL_POLL_REMOVE) {
      loop.watched_.erase(socket);
      return 0;
    }
    loop.resting_.erase(socket);
    loop.watched_.insert(socket);
    loop.listen(socket, events_of(what));
    return 0;
  } catch (const std::bad_alloc&) {
    return -1;
  }

  // The kernel forgets a socket by itself when it is closed, and libcurl does not always tell that.
  void listen(curl_socket_t socket, std::uint32_t events) {
    if (!set_events(EPOLL_CTL_MOD, socket, events)) set_events(EPOLL_CTL_ADD, socket, events);
  }

  bool set_events(int operation, curl_socket_t socket, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    return epoll_ctl(epoll_.native_handle(), operation, socket, &event) == 0;
  }

  // The transfer has ended, or is about to be removed. If libcurl keeps its connection, and no
  // other transfer uses that, it rests.
  void rest_connection_of(CURL* easy) try {
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
    if (socket == CURL_SOCKET_BAD || watched_.contains(socket)) return;
    resting_.insert(socket);
    listen(socket, EPOLLIN | EPOLLRDHUP);
  } catch (const std::bad_alloc&) {
    log::warn("no memory to watch a connection to an origin that is kept");
  }

  // What was seen on the socket may be what its last transfer has read since. If there is more,
  // nothing can be sent there any more, so libcurl takes another connection.
  void look_at_resting(curl_socket_t socket) {
    if (is_quiet(socket)) return;
    resting_.erase(socket);
    set_events(EPOLL_CTL_DEL, socket, 0);
    shutdown(socket, SHUT_RDWR);
  }

  static int close_socket(void* self, curl_socket_t socket) {
    static_cast<Impl*>(self)->resting_.erase(socket);
    return close(socket);
  }

  // libcurl has chosen a connection, perhaps a kept one, and not yet sent anything.
  static int before_request(void* self, char* /*to*/, char* /*from*/, int /*to_port*/,
                            int /*from_port*/) {
    static_cast<Impl*>(self)->cut_off_talkers();
    return CURL_PREREQFUNC_OK;
  }

  // What happens on other sockets is told again.
  void cut_off_talkers() {
    std::array<epoll_event, kEventsAtOnce> events{};
    const int count = epoll_wait(epoll_.native_handle(), events.data(), kEventsAtOnce, 0);
    for (int i = 0; i < count; ++i) {
      const curl_socket_t socket = events.at(static_cast<std::size_t>(i)).data.fd;
      if (resting_.contains(socket)) look_at_resting(socket);
    }
  }

  // Nothing is thrown through libcurl, which is C: all transfers fail then.
  static int on_timer_wish(CURLM* /*multi*/, long time, void* self) try {
    static_cast<Impl*>(self)->set_timer(time);
    return 0;
  } catch (const std::bad_alloc&) {
    return -1;
  }

  // libcurl must not be called from here: a time of 0 passes by way of the context, too.
  void set_timer(long time) {
    if (time < 0) {
      timer_.cancel();
      return;
    }
    timer_.expires_after(milliseconds(time));
    timer_.async_wait([loop = shared_from_this()](const error_code& error) {
      if (!error && !loop->stopped_) loop->act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  void wait() {
    epoll_.async_wait(Descriptor::wait_read, [loop = shared_from_this()](const error_code& error) {
      if (error || loop->stopped_) return;
      loop->try_to_process();
      if (!loop->stopped_) loop->wait();
    });
  }

  // Whatever becomes of one transfer, the others are watched on.
  void try_to_process() try { process(); } catch (const std::bad_alloc&) {
    log::error("no memory for the answer of an origin");
  }

  // An event of a socket that an earlier one has closed is ignored by libcurl.
  void process() {
    std::array<epoll_event, kEventsAtOnce> events{};
    const int count = epoll_wait(epoll_.native_handle(), events.data(), kEventsAtOnce, 0);
    const std::span all(events.data(), static_cast<std::size_t>(std::max(count, 0)));
    for (const epoll_event& event : all) forget_if_unknown(event.data.fd);
    for (const epoll_event& event : all) {
      if (stopped_) return;
      if (watched_.contains(event.data.fd)) {
        act(event.data.fd, action_of(event.events));
      } else if (resting_.contains(event.data.fd)) {
        look_at_resting(event.data.fd);
      }
    }
  }

  // libcurl keeps a socket that it has no use for now. REQUIRES: it was open a moment ago.
  void forget_if_unknown(curl_socket_t socket) {
    const bool is_known = watched_.contains(socket) || resting_.contains(socket);
    if (!is_known) set_events(EPOLL_CTL_DEL, socket, 0);
  }

  void act(curl_socket_t socket, int action) {
    int running = 0;
    curl_multi_socket_action(multi_.get(), socket, action, &running);
    end_transfers();
  }

  // One by one: a Done may remove a transfer that has ended as well, and libcurl then forgets that.
  void end_transfers() {
    int left = 0;
    while (!stopped_) {
      const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left);
      if (message == nullptr) break;
      if (message->msg == CURLMSG_DONE) end(message->easy_handle, message->data.result);
    }
  }

  void end(CURL* easy, CURLcode code) {
    auto transfer = transfers_.extract(easy);
    rest_connection_of(easy);
    curl_multi_remove_handle(multi_.get(), easy);
    if (transfer) transfer.mapped()(code);
  }

  Descriptor epoll_;
  Timer timer_;
  bool stopped_ = false;
  std::unordered_map<CURL*, Done> transfers_;
  std::unordered_set<curl_socket_t> watched_;  // of transfers
  std::unordered_set<curl_socket_t> resting_;  // connections that are kept
  std::unique_ptr<CURLM, FreeMulti> multi_;    // its callbacks use what stands above
};

CurlLoop::CurlLoop(net::io_context& context, std::size_t kept)
    : impl_(std::make_shared<Impl>(context, kept)) {
  impl_->start();
}

CurlLoop::~CurlLoop() { impl_->stop(); }

void CurlLoop::keep(std::size_t connections) { impl_->keep(connections); }

void CurlLoop::add(CURL* easy, Done done) { impl_->add(easy, std::move(done)); }

void CurlLoop::remove(CURL* easy) { impl_->remove(easy); }

}  // namespace imageserver
