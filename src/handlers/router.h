// Who answers which path. The paths named here are reserved: no picture can have them.

#ifndef IMAGESERVER_HANDLERS_ROUTER_H_
#define IMAGESERVER_HANDLERS_ROUTER_H_

#include <cstdint>
#include <functional>
#include <string>

#include "groupcache/group.h"
#include "handlers/image_handler.h"
#include "handlers/info_handler.h"
#include "http/handler.h"
#include "peers/peer_handler.h"

namespace imageserver {

// For whom an address is: the world asks for pictures and what they are (`/info`), the ring for
// what is kept from the world (`/_groupcache`, `/peers` and `/stats`). `/healthz` and `/readyz` are
// everybody's.
enum class Audience : std::uint8_t { kWorld, kRing, kBoth };

// Who answers what has more to it than a line.
struct Handlers {
  ImageHandler images;
  InfoHandler infos;
  PeerHandler peers;
};

// Threads: as Handler. REQUIRES: `group` outlives it; `ready` and `peers_json` may be called from
// any thread, concurrently.
class Router final : public Handler {
 public:
  // `/readyz` says what `ready` says, `/peers` what `peers_json` gives.
  Router(Audience audience, Group& group, std::function<bool()> ready, Handlers handlers,
         std::function<std::string()> peers_json);

  Answer handle(const Request& request) override;

 private:
  [[nodiscard]] Answer answer_ring(std::string_view path, const Request& request);
  [[nodiscard]] Answer answer_world(std::string_view path, const Request& request);
  [[nodiscard]] Response readiness() const;

  const Audience audience_;
  Group& group_;
  const std::function<bool()> ready_;
  Handlers handlers_;
  const std::function<std::string()> peers_json_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_ROUTER_H_
