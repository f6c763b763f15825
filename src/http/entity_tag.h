// Conditional requests by entity tag (RFC 9110, 8.8.3 and 13.1.2). Threads: any.

#ifndef IMAGESERVER_HTTP_ENTITY_TAG_H_
#define IMAGESERVER_HTTP_ENTITY_TAG_H_

#include <string_view>

#include "http/request.h"

namespace imageserver {

// Whether the request has an If-None-Match that names `etag` (a strong tag, quotes included) or
// `*`, so that the answer is 304. Tags are compared weakly: `W/"x"` names "x" too. In a malformed
// list the tags before the fault count.
[[nodiscard]] bool if_none_match(const Request& request, std::string_view etag);

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_ENTITY_TAG_H_
