// Who answers which path. The paths named here are reserved: no picture can have them.

#ifndef IMAGESERVER_SERVER_ROUTER_H_
#define IMAGESERVER_SERVER_ROUTER_H_

#include <atomic>

#include "http/handler.h"
#include "imageserver/group.h"
#include "server/image_handler.h"
#include "server/peer_handler.h"

namespace imageserver {

// Threads: as Handler. REQUIRES: `group` and `ready` outlive it.
class Router final : public Handler {
 public:
  // `/readyz` says what `ready` says.
  Router(Group& group, const std::atomic<bool>& ready, ImageHandler images, PeerHandler peers);

  Answer handle(const Request& request) override;

 private:
  [[nodiscard]] Response stats() const;
  [[nodiscard]] Response readiness() const;

  Group& group_;
  const std::atomic<bool>& ready_;
  ImageHandler images_;
  PeerHandler peers_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_ROUTER_H_
