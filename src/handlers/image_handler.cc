#include "handlers/image_handler.h"

#include <memory>
#include <utility>

#include "base/clock.h"
#include "groupcache/await_image.h"
#include "handlers/ignored_field.h"
#include "handlers/serving.h"
#include "http/cacheable_response.h"
#include "http/error_response.h"
#include "params/accepted_formats.h"
#include "params/ignored_params.h"
#include "params/validate.h"
#include "peers/wire/frames_field.h"

namespace imageserver {
namespace {

// The request's Accept. A list that is sent in several fields is one list.
std::string accept_of(const Request& request) {
  std::string accept;
  request.each_value("Accept", [&](std::string_view value) {
    if (!accept.empty()) accept += ", ";
    accept += value;
  });
  return accept;
}

// A 304 has neither type nor body.
Response with_picture(Response response, const Image& image) {
  if (image.frames.truncated()) response.add_field(kFramesField, frames_text(image.frames));
  if (response.status == 304) return response;
  response.add_field("Content-Type", media_type(*image.format));
  response.body = image.data;
  return response;
}

// Marks an answer as one that depends on the request's Accept, where it does, and names what was
// ignored.
void mark(Response& response, bool varies, std::string_view ignored) {
  if (varies) response.add_field("Vary", "Accept");
  add_ignored(response, ignored);
}

}  // namespace

ImageHandler::ImageHandler(Group& group, Rules rules, std::chrono::milliseconds timeout,
                           int max_age_seconds, Fallbacks fallbacks)
    : group_(group),
      rules_(std::move(rules)),
      targets_(std::make_unique<TargetCache>()),
      timeout_(timeout),
      cache_control_(max_age_seconds),
      fallbacks_(std::move(fallbacks)) {}

Answer ImageHandler::handle(const Request& request) {
  const TargetRules rules = rules_();
  const auto known = targets_->find(request.target(), rules);
  if (!known) return read_and_answer(request, rules, std::nullopt);
  Group::Looked looked = group_.lookup({known->key.data(), known->key.size()});
  if (!looked.image || looked.wants_look) {
    return read_and_answer(request, rules, std::move(looked));
  }
  Response response = respond(request, *looked.image, serving_of(looked));
  if (known->ignores) add_ignored(response, ignored_params(request.target()));
  return response;
}

Answer ImageHandler::read_and_answer(const Request& request, const TargetRules& rules,
                                     std::optional<Group::Looked> looked) {
  Result<Params> params = parse_target(request.target(), rules);
  if (params.has_error()) return error_response(params.error());
  const std::string ignored = rules.strict ? "" : ignored_params(request.target());
  const bool varies = asks_for_auto_format(*params);
  if (varies) *params = with_accepted(*params, accepted_formats(accept_of(request)));
  Answer given = answer(request, rules, *std::move(params), std::move(looked), ignored);
  if (auto* const ready = std::get_if<Response>(&given)) mark(*ready, varies, ignored);
  return given;
}

// An answer that is given later is marked in respond_later().
Answer ImageHandler::answer(const Request& request, const TargetRules& rules, Params params,
                            std::optional<Group::Looked> looked, const std::string& ignored) {
  Result<TransformSpec> spec = validate(params);
  if (spec.has_error()) return error_response(spec.error());

  std::string key = params.key();
  if (!spec->auto_format) targets_->remember(request.target(), rules, key, !ignored.empty());
  if (!looked) looked = group_.lookup(key);
  if (looked->image && !looked->wants_look) {
    return respond(request, *looked->image, serving_of(*looked));
  }
  auto query = std::make_shared<Query>(Query{.key = std::move(key),
                                             .params = std::move(params),
                                             .spec = *std::move(spec),
                                             .from = Query::From::kClient,
                                             .deadline = {}});
  if (!looked->image) {
    return respond_later(request, std::move(query), looked->was_cached, looked->is_unsure, ignored);
  }
  query->deadline = Clock::now() + timeout_;
  group_.look(query);
  return respond(request, *looked->image, serving_of(*looked));
}

Response ImageHandler::respond(const Request& request, const Image& image,
                               const Serving& serving) const {
  Response response = cacheable_response(request, image.etag, cache_control_.of(serving));
  add_cache_status(response, serving);
  return with_picture(std::move(response), image);
}

// An answer that says that there is no such picture has no entity tag.
Response ImageHandler::respond_instead(const Request& request, const Image& image) const {
  constexpr std::string_view kShortly = "public, max-age=10";
  if (fallbacks_.status == 200) {
    return with_picture(cacheable_response(request, image.etag, kShortly), image);
  }
  Response response;
  response.status = fallbacks_.status;
  response.add_field("Cache-Control", kShortly);
  response.add_field("X-Content-Type-Options", "nosniff");
  return with_picture(std::move(response), image);
}

Awaitable<Response> ImageHandler::respond_to_error(const Request& request, const Query& query,
                                                   const Error& error) {
  const QueryPtr instead = fallback_query(fallbacks_, query, error);
  if (!instead) co_return error_response(error);
  const Group::Looked looked = group_.lookup(instead->key);
  if (looked.wants_look) group_.look(instead);
  if (looked.image) co_return respond_instead(request, *looked.image);
  const Result<ImagePtr> image = co_await await_image(group_, instead, looked.is_unsure);
  if (image.has_error()) co_return error_response(error);
  co_return respond_instead(request, **image);
}

// The time of the request begins here, after the answers before it were written, and not when the
// request came.
Awaitable<Response> ImageHandler::respond_later(const Request& request,
                                                std::shared_ptr<Query> query, bool was_cached,
                                                bool is_unsure, std::string ignored) {
  query->deadline = Clock::now() + timeout_;
  const Result<ImagePtr> image = co_await await_image(group_, query, is_unsure);
  Response response;
  if (image.has_value()) {
    response = respond(request, **image,
                       serving_after(was_cached, group_.fresh_for(query->spec, (*image)->made_of)));
  } else {
    response = co_await respond_to_error(request, *query, image.error());
  }
  mark(response, query->spec.auto_format.has_value(), ignored);
  co_return response;
}

}  // namespace imageserver
