// A server's answer.

#ifndef IMAGESERVER_HTTP_CLIENT_RESPONSE_H_
#define IMAGESERVER_HTTP_CLIENT_RESPONSE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace imageserver {

struct ClientResponse {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  Bytes body;

  // The first value of that name; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_CLIENT_RESPONSE_H_
