#include "handlers/image_handler.h"

#include <memory>
#include <utility>

#include "base/clock.h"
#include "groupcache/await_image.h"
#include "http/cacheable_response.h"
#include "http/error_response.h"
#include "params/accept.h"
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

// The response, marked as one that depends on the request's Accept.
Response varying(Response response) {
  response.add_field("Vary", "Accept");
  return response;
}

}  // namespace

ImageHandler::ImageHandler(Group& group, Rules rules, std::chrono::milliseconds timeout,
                           int max_age_seconds)
    : group_(group),
      rules_(std::move(rules)),
      targets_(std::make_unique<TargetCache>()),
      timeout_(timeout),
      cache_control_("public, max-age=" + std::to_string(max_age_seconds)) {}

Answer ImageHandler::handle(const Request& request) {
  const TargetRules rules = rules_();
  const auto key = targets_->find(request.target(), rules);
  if (!key) return read_and_answer(request, rules, Looked::kNot);
  if (const ImagePtr image = group_.lookup({key->data(), key->size()})) {
    return respond(request, *image);
  }
  return read_and_answer(request, rules, Looked::kInVain);
}

Answer ImageHandler::read_and_answer(const Request& request, const TargetRules& rules,
                                     Looked looked) {
  Result<Params> params = parse_target(request.target(), rules);
  if (params.has_error()) return error_response(params.error());
  if (!asks_for_auto_format(*params)) return answer(request, rules, *std::move(params), looked);

  const AutoFormat accepted = accepted_formats(accept_of(request));
  Answer given = answer(request, rules, with_accepted(*params, accepted), looked);
  if (auto* const ready = std::get_if<Response>(&given)) return varying(std::move(*ready));
  return given;
}

// An answer that is given later gets its `Vary` in respond_later().
Answer ImageHandler::answer(const Request& request, const TargetRules& rules, Params params,
                            Looked looked) {
  Result<TransformSpec> spec = validate(params);
  if (spec.has_error()) return error_response(spec.error());

  std::string key = params.key();
  if (!spec->auto_format) targets_->remember(request.target(), rules, key);
  const ImagePtr image = looked == Looked::kNot ? group_.lookup(key) : nullptr;
  if (image) return respond(request, *image);
  return respond_later(request, std::make_shared<Query>(Query{.key = std::move(key),
                                                              .params = std::move(params),
                                                              .spec = *std::move(spec),
                                                              .from = Query::From::kClient,
                                                              .deadline = {}}));
}

Response ImageHandler::respond(const Request& request, const Image& image) const {
  Response response = cacheable_response(request, image.etag, cache_control_);
  if (image.frames.truncated()) response.add_field(kFramesField, frames_text(image.frames));
  if (response.status == 304) return response;
  response.add_field("Content-Type", media_type(image.format));
  response.body = image.data;
  return response;
}

// The time of the request begins here, after the answers before it were written, and not when the
// request came.
Awaitable<Response> ImageHandler::respond_later(const Request& request,
                                                std::shared_ptr<Query> query) {
  query->deadline = Clock::now() + timeout_;
  const Result<ImagePtr> image = co_await await_image(group_, query);
  Response response = image.has_error() ? error_response(image.error()) : respond(request, **image);
  if (query->spec.auto_format) co_return varying(std::move(response));
  co_return response;
}

}  // namespace imageserver
