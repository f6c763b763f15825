#include "handlers/purge_handler.h"

#include <utility>

#include "base/text.h"
#include "handlers/parse_purge_wish.h"
#include "handlers/purge_json.h"
#include "http/error_response.h"

namespace imageserver {
namespace {

Response only_post() {
  Response response = text_response(405, "method: must be POST");
  response.add_field("Allow", "POST");
  return response;
}

// Its parameters say nothing: JSON is UTF-8.
bool is_json(const Request& head) {
  const std::string_view type = cut(head.header("Content-Type"), ';').first;
  return same_word(trimmed(type, " \t"), "application/json");
}

bool is_purge(const Request& request) {
  return request.method() == Method::kPurge || request.method() == Method::kPost;
}

Response report_response(const PurgeReport& report) {
  Response response;
  response.status = report.missed.empty() ? 200 : 202;
  response.add_field("Content-Type", "application/json");
  response.add_field("Cache-Control", "no-store");
  response.body = Bytes::own(purge_json(report));
  return response;
}

}  // namespace

std::optional<Admittance> PurgeHandler::admit(const Request& head) {
  if (!is_purge(head)) return only_post();
  if (std::optional<Response> refused = gate_.refusal_by_head(head)) return *std::move(refused);
  if (head.method() == Method::kPurge) return MostBody{0};
  if (!is_json(head)) return text_response(415, "Content-Type: must be application/json");
  return MostBody{kMostBody};
}

Answer PurgeHandler::handle(const Request& request) {
  if (!is_purge(request)) return only_post();
  if (std::optional<Response> refused = gate_.refusal(request)) return *std::move(refused);
  Result<PurgeWish> wish = request.method() == Method::kPurge ? purge_wish_of(request.path())
                                                              : parse_purge_wish(request.body());
  if (wish.has_error()) return error_response(wish.error());
  return Later(answer_later(std::make_shared<const PurgeWish>(*std::move(wish))));
}

Awaitable<Response> PurgeHandler::answer_later(std::shared_ptr<const PurgeWish> wish) {
  const Result<PurgeReport> report = co_await purger_.purge(*wish);
  if (report.has_error()) co_return error_response(report.error());
  co_return report_response(*report);
}

}  // namespace imageserver
