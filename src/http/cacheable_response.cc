#include "http/cacheable_response.h"

#include "http/entity_tag.h"

namespace imageserver {

Response cacheable_response(const Request& request, std::string_view etag,
                            std::string_view cache_control) {
  constexpr std::size_t kUsualFields = 256;  // bytes, so that a hit allocates once for them
  Response response;
  response.fields.reserve(kUsualFields);
  response.add_field("ETag", etag);
  response.add_field("Cache-Control", cache_control);
  response.add_field("X-Content-Type-Options", "nosniff");
  if (if_none_match(request, etag)) response.status = 304;
  return response;
}

}  // namespace imageserver
