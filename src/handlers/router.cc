#include "handlers/router.h"

#include <utility>

#include "handlers/info_handler.h"
#include "handlers/purge_gate.h"
#include "handlers/purge_handler.h"
#include "handlers/stats_json.h"
#include "peers/wire/protocol.h"

namespace imageserver {
namespace {

// What tells of the server itself.
bool is_for_readers(std::string_view path) {
  return path == "/peers" || path == "/renderers" || path == "/stats" || path == "/stats/sources";
}

bool is_for_ring(std::string_view path) {
  return path.starts_with(kPeerPath) || is_for_readers(path) || path == kPurgePath;
}

// Paths that no picture can have. None of them is the name of an original that could be purged.
bool is_reserved(std::string_view path) {
  return is_for_ring(path) || path == "/" || path == "/healthz" || path == "/readyz" ||
         path == "/favicon.ico" || path == "/info" || path.starts_with(kInfoPath);
}

Response not_here() { return text_response(404, "not here"); }

Response json_response(std::string text) {
  Response response;
  response.add_field("Content-Type", "application/json");
  response.add_field("Cache-Control", "no-store");
  response.body = Bytes::own(std::move(text));
  return response;
}

}  // namespace

Router::Router(Audience audience, Group& group, std::function<bool()> ready, Handlers handlers,
               Documents documents, ReadGate gate)
    : audience_(audience),
      group_(group),
      ready_(std::move(ready)),
      handlers_(std::move(handlers)),
      documents_(std::move(documents)),
      gate_(std::move(gate)) {}

std::optional<Admittance> Router::admit(const Request& head) {
  const bool is_of_path = head.path() == kPurgePath;
  if (!is_of_path && head.method() != Method::kPurge) return std::nullopt;
  if (audience_ != Audience::kWorld) {
    return handlers_.purges ? handlers_.purges->admit(head) : purging_is_off();
  }
  if (is_of_path) return not_here();
  return std::nullopt;
}

Answer Router::handle(const Request& request) {
  if (request.method() == Method::kPurge) return answer_purge(request);
  const std::string_view path = request.path();
  if (path == "/healthz") return text_response(200, "ok");
  if (path == "/readyz") return readiness();
  if (is_for_ring(path)) return answer_ring(path, request);
  if (audience_ == Audience::kRing) return text_response(404, "no pictures here");
  return answer_world(path, request);
}

Answer Router::answer_purge(const Request& request) {
  if (audience_ == Audience::kWorld) return not_here();
  if (!handlers_.purges) return purging_is_off();
  if (request.method() == Method::kPurge && is_reserved(request.path())) {
    return text_response(404, "no picture has that path");
  }
  return handlers_.purges->handle(request);
}

Answer Router::answer_ring(std::string_view path, const Request& request) {
  if (audience_ == Audience::kWorld) return not_here();
  if (is_for_readers(path)) return answer_reader(path, request);
  if (path == kPurgePath) return answer_purge(request);
  return handlers_.peers->handle(request);
}

Response Router::answer_reader(std::string_view path, const Request& request) const {
  if (std::optional<Response> refusal = gate_.refusal(request)) return *std::move(refusal);
  return json_response(document(path));
}

std::string Router::document(std::string_view path) const {
  if (path == "/peers") return documents_.peers();
  if (path == "/renderers") return documents_.renderers();
  return path == "/stats" ? stats_json(group_.stats()) : documents_.sources();
}

Answer Router::answer_world(std::string_view path, const Request& request) {
  if (path == "/favicon.ico") return text_response(404, "no icon here");
  if (path == "/") {
    return text_response(404, "ask for a picture by its path, such as /medium.jpg?width=100");
  }
  if (path == "/info" || path == kInfoPath) {
    return text_response(404, "ask what a picture is by its path, such as /info/medium.jpg");
  }
  if (path.starts_with(kInfoPath)) return handlers_.infos->handle(request);
  return handlers_.images->handle(request);
}

Response Router::readiness() const {
  return ready_() ? text_response(200, "ready") : text_response(503, "not ready");
}

}  // namespace imageserver
