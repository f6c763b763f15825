#include "handlers/info_handler.h"

#include <string>
#include <utility>

#include "base/clock.h"
#include "groupcache/await_image.h"
#include "handlers/ignored_field.h"
#include "http/cacheable_response.h"
#include "http/error_response.h"
#include "params/ignored_params.h"
#include "params/params.h"
#include "params/parse_target.h"
#include "params/transform_spec.h"
#include "params/validate.h"

namespace imageserver {
namespace {

// The query for the description of the original that the path names.
Result<std::shared_ptr<Query>> query_of(std::string_view path) {
  Result<Params> params = parse_target(path.substr(kInfoPath.size() - 1));
  if (params.has_error()) return params.error();
  Result<TransformSpec> spec = validate(*params);
  if (spec.has_error()) return spec.error();
  std::string key = params->key();
  return std::make_shared<Query>(Query{.key = std::move(key),
                                       .params = *std::move(params),
                                       .spec = *std::move(spec),
                                       .from = Query::From::kClient,
                                       .of = Query::Of::kDescription,
                                       .deadline = {}});
}

// The response, with the names of the query, all of which are ignored.
Response named(const Request& request, Response response) {
  add_ignored(response, all_params(request.target()));
  return response;
}

}  // namespace

InfoHandler::InfoHandler(Group& descriptions, std::chrono::milliseconds timeout,
                         int max_age_seconds)
    : descriptions_(descriptions), timeout_(timeout), cache_control_(max_age_seconds) {}

Answer InfoHandler::handle(const Request& request) {
  Result<std::shared_ptr<Query>> query = query_of(request.path());
  if (query.has_error()) return named(request, error_response(query.error()));
  const Group::Looked looked = descriptions_.lookup((*query)->key);
  if (!looked.image) {
    return respond_later(request, *std::move(query), looked.was_cached, looked.is_unsure);
  }
  (*query)->deadline = Clock::now() + timeout_;
  if (looked.wants_look) descriptions_.look(*query);
  return named(request, respond(request, *looked.image, serving_of(looked)));
}

Awaitable<Response> InfoHandler::respond_later(const Request& request, std::shared_ptr<Query> query,
                                               bool was_cached, bool is_unsure) {
  query->deadline = Clock::now() + timeout_;
  const Result<ImagePtr> description = co_await await_image(descriptions_, query, is_unsure);
  if (description.has_error()) co_return named(request, error_response(description.error()));
  const Serving serving =
      serving_after(was_cached, descriptions_.fresh_for(query->spec, (*description)->made_of));
  co_return named(request, respond(request, **description, serving));
}

Response InfoHandler::respond(const Request& request, const Image& description,
                              const Serving& serving) const {
  Response response = cacheable_response(request, description.etag, cache_control_.of(serving));
  add_cache_status(response, serving);
  if (response.status == 304) return response;
  response.add_field("Content-Type", "application/json");
  response.body = description.data;
  return response;
}

}  // namespace imageserver
