#include "source/http_fetcher.h"

#include <curl/curl.h>

#include <boost/asio/post.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/cancelled.h"
#include "base/log.h"
#include "base/out_of_memory.h"
#include "source/curl_loop.h"
#include "source/origin_queue.h"

namespace imageserver {
namespace {

std::string server_of(const OriginUrl& url) {
  return OriginUrl{
      .scheme = url.scheme, .host = url.host, .port = url.port, .path = "", .query = ""}
      .text();
}

}  // namespace

// What one thread does. The servers are those that the flags name, so there are few.
class HttpFetcher::Lane {
 public:
  Lane(net::io_context& context, const HttpTerms& terms, NamedOnce& refusals)
      : context_(context),
        terms_(terms),
        refusals_(refusals),
        loop_(context, terms.limits.at_once) {}

  void post(HttpQuestion question, std::stop_token stop, Source::Done done) {
    net::post(context_, [this, question = std::move(question), stop = std::move(stop),
                         done = std::move(done)] { start(question, stop, done); });
  }

 private:
  // A fetch under way, and what ends it when nobody waits any more.
  struct UnderWay {
    std::shared_ptr<HttpFetch> fetch;
    std::optional<std::stop_callback<std::function<void()>>> on_stop;
  };

  void start(const HttpQuestion& question, const std::stop_token& stop, const Source::Done& done) {
    if (stop.stop_requested()) return done(cancelled());
    const std::size_t id = next_id_++;
    std::shared_ptr<HttpFetch> fetch;
    try {
      fetch = prepare(id, question, stop, done);
    } catch (const std::bad_alloc&) {
      fetches_.erase(id);
      return done(out_of_memory());
    }
    fetch->start();
  }

  std::shared_ptr<HttpFetch> prepare(std::size_t id, const HttpQuestion& question,
                                     const std::stop_token& stop, const Source::Done& done) {
    UnderWay& under_way = fetches_[id];
    under_way.fetch = std::make_shared<HttpFetch>(
        way_to(question.url), question, [this, id, done](Result<FetchedOriginal> original) {
          const auto ended = fetches_.extract(id);
          done(std::move(original));
        });
    under_way.on_stop.emplace(stop,
                              [this, weak = std::weak_ptr(under_way.fetch)] { post_cancel(weak); });
    return under_way.fetch;
  }

  // Called by whoever requests the stop, where nothing may be thrown: without memory the fetch ends
  // when its time is over.
  void post_cancel(const std::weak_ptr<HttpFetch>& fetch) try {
    net::post(context_, [fetch] {
      if (const auto stopped = fetch.lock()) stopped->cancel();
    });
  } catch (const std::bad_alloc&) {
    log::error("no memory to stop a fetch");
  }

  HttpFetch::Way way_to(const OriginUrl& url) {
    const std::string server = server_of(url);
    auto [queue, is_new] = queues_.try_emplace(server);
    if (is_new) {
      queue->second = std::make_unique<OriginQueue>(context_, server, terms_.limits);
      // As many as all of them may use at a time: none is closed for another one's sake.
      loop_.keep(queues_.size() * terms_.limits.at_once);
    }
    return {.context = context_,
            .loop = loop_,
            .terms = terms_,
            .queue = *queue->second,
            .refusals = refusals_};
  }

  net::io_context& context_;
  const HttpTerms& terms_;
  NamedOnce& refusals_;
  CurlLoop loop_;
  std::map<std::string, std::unique_ptr<OriginQueue>> queues_;
  std::map<std::size_t, UnderWay> fetches_;
  std::size_t next_id_ = 0;
};

HttpFetcher::Curl::Curl() {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl");
}

HttpFetcher::Curl::~Curl() { curl_global_cleanup(); }

HttpFetcher::HttpFetcher(IoPool& pool, HttpTerms terms) : terms_(std::move(terms)) {
  for (std::size_t i = 0; i < pool.size(); ++i) {
    lanes_.push_back(std::make_unique<Lane>(pool.at(i), terms_, refusals_));
  }
}

HttpFetcher::~HttpFetcher() = default;

void HttpFetcher::fetch(HttpQuestion question, std::stop_token stop, Source::Done done) {
  const std::size_t lane = std::hash<std::string>()(server_of(question.url)) % lanes_.size();
  lanes_[lane]->post(std::move(question), std::move(stop), std::move(done));
}

}  // namespace imageserver
