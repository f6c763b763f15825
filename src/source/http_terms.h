// What holds for all fetches from HTTP origins.

#ifndef IMAGESERVER_SOURCE_HTTP_TERMS_H_
#define IMAGESERVER_SOURCE_HTTP_TERMS_H_

#include <cstddef>
#include <memory>
#include <string>

#include "base/clock.h"
#include "http/byte_budget.h"
#include "params/size_limits.h"
#include "source/address_rules.h"
#include "source/origin_queue.h"

namespace imageserver {

struct HttpTerms {
  AddressRules addresses;
  std::string ca_file;  // certificates in PEM that are trusted; empty: those of the system

  milliseconds connect{2'000};     // until there is a connection, a safe one for https
  milliseconds first_byte{4'000};  // until an answer begins, from each request on
  milliseconds whole{5'000};  // until all of the original is there, the wait for a turn included

  std::size_t most_bytes = kMaxSourceBytes;  // of one original
  std::shared_ptr<ByteBudget> budget;        // of all of them together; null: no such limit

  OriginLimits limits;  // of each origin
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_HTTP_TERMS_H_
