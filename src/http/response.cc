#include "http/response.h"

namespace imageserver {

void Response::add_field(std::string_view name, std::string_view value) {
  fields.append(name).append(": ").append(value).append("\r\n");
}

Response text_response(unsigned status, std::string_view line) {
  Response response;
  response.status = status;
  response.add_field("Content-Type", "text/plain; charset=utf-8");
  response.add_field("Cache-Control", "no-store");
  response.add_field("X-Content-Type-Options", "nosniff");
  response.prefix.append(line).append("\n");
  return response;
}

}  // namespace imageserver
