#include "server/router.h"

#include <string_view>
#include <utility>

#include "server/peer_path.h"
#include "server/stats_json.h"

namespace imageserver {

Router::Router(Group& group, const std::atomic<bool>& ready, ImageHandler images, PeerHandler peers)
    : group_(group), ready_(ready), images_(std::move(images)), peers_(std::move(peers)) {}

Answer Router::handle(const Request& request) {
  const std::string_view path = request.target().substr(0, request.target().find('?'));
  if (path.starts_with(kPeerPath)) return peers_.handle(request);
  if (path == "/stats") return stats();
  if (path == "/healthz") return text_response(200, "ok");
  if (path == "/readyz") return readiness();
  if (path == "/favicon.ico") return text_response(404, "no icon here");
  if (path == "/") {
    return text_response(404, "ask for a picture by its path, such as /medium.jpg?width=100");
  }
  return images_.handle(request);
}

Response Router::stats() const {
  Response response;
  response.add_field("Content-Type", "application/json");
  response.add_field("Cache-Control", "no-store");
  response.body = Bytes::own(stats_json(group_.stats()));
  return response;
}

Response Router::readiness() const {
  return ready_ ? text_response(200, "ready") : text_response(503, "not ready");
}

}  // namespace imageserver
