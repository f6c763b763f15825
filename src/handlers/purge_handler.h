// Answers `POST /purge`, and `PURGE` of the path of a picture.

#ifndef IMAGESERVER_HANDLERS_PURGE_HANDLER_H_
#define IMAGESERVER_HANDLERS_PURGE_HANDLER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "handlers/purge_gate.h"
#include "handlers/purger.h"
#include "http/handler.h"

namespace imageserver {

inline constexpr std::string_view kPurgePath = "/purge";

// The body of a POST is a wish (parse_purge_wish.h), of type application/json. A PURGE has no body;
// the query of its target is not looked at, as all goes that was made of the original. Who may not
// purge is answered by the head alone, unless it takes the body to know.
//
// The answer is a report (purge_json.h): 200 if all nodes have purged, else 202. Nobody stores it.
//
// Threads: as Handler. REQUIRES: `purger` and `gate` outlive it.
class PurgeHandler final : public Handler {
 public:
  static constexpr std::size_t kMostBody = 64U << 10U;

  PurgeHandler(Purger& purger, PurgeGate& gate) : purger_(purger), gate_(gate) {}

  // REQUIRES: the request is a PURGE, or its path is kPurgePath.
  [[nodiscard]] std::optional<Admittance> admit(const Request& head) override;

  // REQUIRES: the same. 405 for what is neither PURGE nor POST.
  Answer handle(const Request& request) override;

 private:
  Awaitable<Response> answer_later(std::shared_ptr<const PurgeWish> wish);

  Purger& purger_;
  PurgeGate& gate_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_PURGE_HANDLER_H_
