// One fetch of an original from an HTTP origin: its turn, its redirects, its second try, its time.

#ifndef IMAGESERVER_SOURCE_HTTP_FETCH_H_
#define IMAGESERVER_SOURCE_HTTP_FETCH_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/asio.h"
#include "base/clock.h"
#include "source/curl_loop.h"
#include "source/http_hop.h"
#include "source/http_terms.h"
#include "source/named_once.h"
#include "source/origin_queue.h"
#include "source/origin_url.h"
#include "source/source.h"

namespace imageserver {

// What is asked for.
struct HttpQuestion {
  OriginUrl url;
  std::vector<std::string> fields;  // whole ones, told to the URL's own server alone
  Validators known;
  Deadline deadline;  // of the one who asks; HttpTerms::whole counts as well
};

// Threads: those of the loop. REQUIRES: what the way names outlives it, and somebody holds it until
// it has ended.
class HttpFetch : public std::enable_shared_from_this<HttpFetch> {
 public:
  struct Way {
    net::io_context& context;
    CurlLoop& loop;
    const HttpTerms& terms;
    OriginQueue& queue;   // of the URL's server
    NamedOnce& refusals;  // which are logged once: of a server that wants to know who asks
  };

  HttpFetch(Way way, HttpQuestion question, Source::Done done);

  // Called once. `done` is called once, perhaps before this returns.
  void start();

  // Ends with kCancelled, unless it has ended.
  void cancel();

 private:
  void wait_for_turn();
  void begin();
  void run_out();
  void attempt(const std::function<void()>& step);
  void ask();
  [[nodiscard]] HopRequest hop_request() const;
  [[nodiscard]] Validators known() const;
  void answered(HopAnswer answer);
  void follow(const std::string& location);
  void on_timer();
  void set_timer(Deadline when);
  [[nodiscard]] bool is_waiting() const;
  [[nodiscard]] bool may_try_again(const HopAnswer& answer) const;
  void report(const Error& error, const HopAnswer& answer) const;
  void fail(OriginQueue::Outcome outcome, const Error& error, std::string_view reason);
  void end(OriginQueue::Outcome outcome, const Result<FetchedOriginal>& result);

  const Way way_;
  const HttpQuestion question_;
  Source::Done done_;
  Deadline until_;
  Timer timer_;
  OriginQueue::RequestPtr turn_;
  OriginUrl url_;  // of the hop
  std::unique_ptr<HttpHop> hop_;
  Deadline asked_at_;
  Deadline first_byte_by_;
  int redirects_ = 0;
  bool is_own_ = true;        // no redirect has led to another host yet
  bool is_at_server_ = true;  // nor to another scheme or port
  bool tried_again_ = false;
  bool has_turn_ = false;
  bool ended_ = false;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_HTTP_FETCH_H_
