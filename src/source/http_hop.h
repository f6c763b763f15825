// One request to an origin, and its answer.

#ifndef IMAGESERVER_SOURCE_HTTP_HOP_H_
#define IMAGESERVER_SOURCE_HTTP_HOP_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "source/curl_loop.h"
#include "source/http_terms.h"
#include "source/origin_url.h"
#include "source/source.h"

namespace imageserver {

struct HopRequest {
  OriginUrl url;
  std::vector<std::string> fields;  // whole ones, `Name: value`
  bool is_own = true;               // the operator named the host; no other one redirected to it
  bool is_second_try = false;       // a connection broke, and other kept ones may be broken as well
};

struct HopAnswer {
  // How the request ended. What is not kAnswered has no status.
  enum class End : std::uint8_t {
    kAnswered,
    kNotReached,   // no connection: the name or the address leads nowhere, or nobody listens
    kConnectLate,  // no connection in time
    kNotSafe,      // TLS failed
    kForbidden,    // the address may not be dialled
    kBroken,       // the connection broke before the answer began
    kCutOff,       // the connection broke, or the answer went wrong, later
    kTooLarge,     // the body has more bytes than it may
    kNoMemory,     // the bytes of all originals are too many at the moment
    kShortage,     // this process has no descriptor for a connection at the moment
  };

  End end = End::kCutOff;
  long status = 0;
  Bytes body;        // of a 200; empty for others
  Sha256 hash = {};  // of the body, made while it arrives
  Validators validators;
  OriginFreshness freshness;  // of a 200 and a 304, by 32 lines of a field at most
  std::string location;       // as the answer has it; empty: none
  std::string reason;         // what went wrong, for the log
};

// Begins at once. The body of an answer that is no 200 is not kept.
//
// Threads: those of the loop. REQUIRES: loop and terms outlive it.
class HttpHop {
 public:
  // `done` is called once, on the loop's thread, unless the hop is destroyed before: it may destroy
  // the hop.
  HttpHop(CurlLoop& loop, const HttpTerms& terms, HopRequest request,
          std::function<void(HopAnswer)> done);

  // Ends the transfer.
  ~HttpHop();

  HttpHop(const HttpHop&) = delete;
  HttpHop& operator=(const HttpHop&) = delete;

  // Whether a byte of the answer has come.
  [[nodiscard]] bool has_begun() const;

 private:
  class Transfer;
  const std::unique_ptr<Transfer> transfer_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_HTTP_HOP_H_
