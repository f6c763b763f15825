// The head of an answer that clients may keep and ask for again by its entity tag.

#ifndef IMAGESERVER_HTTP_CACHEABLE_RESPONSE_H_
#define IMAGESERVER_HTTP_CACHEABLE_RESPONSE_H_

#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace imageserver {

// A response with ETag, Cache-Control and X-Content-Type-Options. Its status is 304 if the request
// has an If-None-Match that names `etag`: then it gets neither a type nor a body. Otherwise it is
// 200, and the caller adds both. Threads: any.
[[nodiscard]] Response cacheable_response(const Request& request, std::string_view etag,
                                          std::string_view cache_control);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_CACHEABLE_RESPONSE_H_
