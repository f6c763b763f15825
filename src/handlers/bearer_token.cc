#include "handlers/bearer_token.h"

#include "base/text.h"

namespace imageserver {
namespace {

Response challenge(std::string_view line, std::string_view how) {
  Response response = text_response(401, line);
  response.add_field("WWW-Authenticate", how);
  return response;
}

}  // namespace

std::optional<std::string_view> bearer_token(const Request& request) {
  const auto [scheme, token] = cut(request.header("Authorization"), ' ');
  if (!same_word(scheme, "Bearer")) return std::nullopt;
  return trimmed(token, " ");
}

Response token_missing(std::string_view line) {
  return challenge(line, "Bearer realm=\"imageserver\"");
}

Response token_wrong(std::string_view line) {
  return challenge(line, "Bearer realm=\"imageserver\", error=\"invalid_token\"");
}

}  // namespace imageserver
