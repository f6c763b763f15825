// libcurl's transfers on an io_context, which never waits for them.

#ifndef IMAGESERVER_SOURCE_CURL_LOOP_H_
#define IMAGESERVER_SOURCE_CURL_LOOP_H_

#include <curl/curl.h>

#include <cstddef>
#include <functional>
#include <memory>

#include "base/asio.h"

namespace imageserver {

// One multi handle: its connections are kept, and transfers to one server by HTTP/2 share one. A
// kept connection on which the server says something, or ends, is used no more: what it says there
// is no answer to anything, and would be taken for the next one.
//
// Threads: bound to one context; used and destroyed on its thread only (or while it does not run).
class CurlLoop {
 public:
  // How a transfer ended. Called on the context's thread; may add and remove transfers.
  using Done = std::function<void(CURLcode)>;

  // Keeps `kept` connections that are not in use. Throws std::bad_alloc or std::system_error if the
  // kernel or libcurl has no room for it.
  CurlLoop(net::io_context& context, std::size_t kept);

  // Transfers under way end without a call of their Done. REQUIRES: their handles still live.
  ~CurlLoop();

  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // From now on keeps so many connections that are not in use.
  void keep(std::size_t connections);

  // Starts the transfer. Throws std::bad_alloc if libcurl does not take it. REQUIRES: `easy` lives
  // until it is done or removed, has neither CLOSESOCKETFUNCTION nor PREREQFUNCTION, and is no part
  // of a loop.
  void add(CURL* easy, Done done);

  // Ends the transfer without a call of its Done. Nothing happens if it is not under way.
  void remove(CURL* easy);

 private:
  class Impl;
  const std::shared_ptr<Impl> impl_;  // what waits on the context holds it, too
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_CURL_LOOP_H_
