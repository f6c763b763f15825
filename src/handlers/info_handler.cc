#include "handlers/info_handler.h"

#include <stop_token>
#include <utility>

#include "base/await_result.h"
#include "base/clock.h"
#include "formats/image.h"
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

// The name of the original that the target asks for.
Result<std::string> path_of(std::string_view path) {
  const Result<Params> params = parse_target(path.substr(kInfoPath.size() - 1));
  if (params.has_error()) return params.error();
  Result<TransformSpec> spec = validate(*params);
  if (spec.has_error()) return spec.error();
  return std::move(spec->source);
}

// The response, with the names of the query, all of which are ignored.
Response named(const Request& request, Response response) {
  add_ignored(response, all_params(request.target()));
  return response;
}

// Starts the work. The request is the only waiter, so that leaving stops the work.
Begin<std::string> beginning(InfoSource& source, std::string path) {
  return [&source,
          path = std::move(path)](const std::function<void(Result<std::string>)>& done) -> Leave {
    std::stop_source stop;
    source.load(path, stop.get_token(), done);
    return [stop]() mutable {
      stop.request_stop();
      return true;
    };
  };
}

}  // namespace

InfoHandler::InfoHandler(InfoSource& source, std::chrono::milliseconds timeout, int max_age_seconds)
    : source_(source),
      timeout_(timeout),
      cache_control_("public, max-age=" + std::to_string(max_age_seconds)) {}

Answer InfoHandler::handle(const Request& request) {
  Result<std::string> path = path_of(request.path());
  if (path.has_error()) return named(request, error_response(path.error()));
  return respond_later(request, *std::move(path));
}

Awaitable<Response> InfoHandler::respond_later(const Request& request, std::string path) {
  Begin<std::string> begin = beginning(source_, std::move(path));
  const Deadline deadline = Clock::now() + timeout_;
  Result<std::string> json = co_await await_result<std::string>(std::move(begin), deadline);
  if (json.has_error()) co_return named(request, error_response(json.error()));
  co_return named(request, respond(request, *std::move(json)));
}

Response InfoHandler::respond(const Request& request, std::string json) const {
  Response response = cacheable_response(request, entity_tag(json), cache_control_);
  if (response.status == 304) return response;
  response.add_field("Content-Type", "application/json");
  response.body = Bytes::own(std::move(json));
  return response;
}

}  // namespace imageserver
