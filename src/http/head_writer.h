// The head of an answer as bytes. Threads: any.

#ifndef IMAGESERVER_HTTP_HEAD_WRITER_H_
#define IMAGESERVER_HTTP_HEAD_WRITER_H_

#include <cstdint>
#include <string>

#include "http/response.h"

namespace imageserver {

// The answer's Connection field: none (HTTP/1.1 then keeps the connection), keep-alive or close.
enum class Persistence : std::uint8_t { kImplied, kKeepAlive, kClose };

// False for 1xx, 204 and 304, which have neither body nor Content-Length.
[[nodiscard]] bool status_has_body(unsigned status);

// Appends status line and fields, the empty line included. Uses only the length of the body.
void append_head(std::string& out, const Response& response, Persistence persistence);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_HEAD_WRITER_H_
