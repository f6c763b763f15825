// The HTTP answer to an Error. Holds the one table from ErrorKind to status. Threads: any.

#ifndef IMAGESERVER_HTTP_ERROR_RESPONSE_H_
#define IMAGESERVER_HTTP_ERROR_RESPONSE_H_

#include "http/response.h"
#include "imageserver/error.h"

namespace imageserver {

[[nodiscard]] unsigned http_status(ErrorKind kind);

// The error's line as plain text, not to be stored; kBusy carries Retry-After.
[[nodiscard]] Response error_response(const Error& error);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_ERROR_RESPONSE_H_
