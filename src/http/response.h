// An answer as a handler gives it. The connection adds the fields that concern the connection.
// Threads: free functions, callable from any.

#ifndef IMAGESERVER_HTTP_RESPONSE_H_
#define IMAGESERVER_HTTP_RESPONSE_H_

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace imageserver {

// The connection writes Date, Content-Length and Connection itself, leaves out what HEAD, 204 and
// 304 do not carry, and sends head, prefix and body in one write without copying the body.
struct Response {
  unsigned status = 200;

  // Whole lines, each `Name: value\r\n`. REQUIRES: none of the fields named above.
  std::string fields;

  // Bytes of the body that come before `body`: short, and copied behind the head.
  std::string prefix;
  Bytes body;

  // The connection is closed after this answer.
  bool close = false;

  // REQUIRES: neither holds a control character.
  void add_field(std::string_view name, std::string_view value);
};

// One line of plain text, not to be stored: what every error looks like. A line feed is added.
// REQUIRES: `line` holds no control character.
[[nodiscard]] Response text_response(unsigned status, std::string_view line);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_RESPONSE_H_
