// Fetches originals from HTTP origins on the I/O threads.

#ifndef IMAGESERVER_SOURCE_HTTP_FETCHER_H_
#define IMAGESERVER_SOURCE_HTTP_FETCHER_H_

#include <memory>
#include <stop_token>
#include <vector>

#include "base/io_pool.h"
#include "source/http_fetch.h"
#include "source/http_terms.h"
#include "source/named_once.h"
#include "source/source.h"

namespace imageserver {

// All that is asked of one server is asked on one thread, so that its limits and its breaker hold.
//
// Threads: fetch() may be called from any, concurrently. REQUIRES: the pool outlives it, and is
// stopped before it is destroyed.
class HttpFetcher {
 public:
  // Throws what CurlLoop throws.
  HttpFetcher(IoPool& pool, HttpTerms terms);
  ~HttpFetcher();

  HttpFetcher(const HttpFetcher&) = delete;
  HttpFetcher& operator=(const HttpFetcher&) = delete;

  // As Source::fetch(); `done` is called on an I/O thread.
  void fetch(HttpQuestion question, std::stop_token stop, Source::Done done);

 private:
  class Lane;

  // libcurl counts how often it was made ready.
  struct Curl {
    Curl();
    ~Curl();
  };

  static constexpr std::size_t kMostRefusals = 1000;

  const Curl curl_;
  const HttpTerms terms_;
  NamedOnce refusals_{kMostRefusals};
  std::vector<std::unique_ptr<Lane>> lanes_;  // one a thread
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_HTTP_FETCHER_H_
