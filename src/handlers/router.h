// Which handler answers which path. The paths named here are reserved: no picture can have them.

#ifndef IMAGESERVER_HANDLERS_ROUTER_H_
#define IMAGESERVER_HANDLERS_ROUTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "groupcache/group.h"
#include "handlers/read_gate.h"
#include "http/handler.h"

namespace imageserver {

// The clients that an address is for. The world asks for pictures and their descriptions (`/info`).
// The ring asks for what the world may not see (`/_groupcache`, `/peers`, `/renderers`,
// `/stats` and `/stats/sources`), and purges (`/purge`, and PURGE of any path). Both may ask for
// `/healthz` and `/readyz`. All of these documents are given to those only whom the gate lets read.
enum class Audience : std::uint8_t { kWorld, kRing, kBoth };

// The handlers of the paths that take more than a line to answer. Routers share them. REQUIRES: but
// for `purges`, none is null that the audience may ask.
struct Handlers {
  std::shared_ptr<Handler> images;  // of the world: every path that is not reserved
  std::shared_ptr<Handler> infos;   // of the world: below kInfoPath
  std::shared_ptr<Handler> peers;   // of the ring: below kPeerPath

  // Of the ring: kPurgePath, and PURGE of any path; null: nobody may purge.
  std::shared_ptr<Handler> purges = nullptr;
};

// What gives the bodies for `/peers`, `/renderers` and `/stats/sources`. REQUIRES: may be called
// from any thread, concurrently.
struct Documents {
  std::function<std::string()> peers;
  std::function<std::string()> renderers;
  std::function<std::string()> sources;
};

// Threads: as Handler. REQUIRES: `group` outlives it; `ready` may be called from any thread,
// concurrently.
class Router final : public Handler {
 public:
  // `ready` answers `/readyz`.
  Router(Audience audience, Group& group, std::function<bool()> ready, Handlers handlers,
         Documents documents, ReadGate gate);

  [[nodiscard]] std::optional<Admittance> admit(const Request& head) override;
  Answer handle(const Request& request) override;

 private:
  [[nodiscard]] Answer answer_purge(const Request& request);
  [[nodiscard]] Answer answer_ring(std::string_view path, const Request& request);
  [[nodiscard]] Response answer_reader(std::string_view path, const Request& request) const;
  [[nodiscard]] std::string document(std::string_view path) const;
  [[nodiscard]] Answer answer_world(std::string_view path, const Request& request);
  [[nodiscard]] Response readiness() const;

  const Audience audience_;
  Group& group_;
  const std::function<bool()> ready_;
  const Handlers handlers_;
  const Documents documents_;
  const ReadGate gate_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_ROUTER_H_
