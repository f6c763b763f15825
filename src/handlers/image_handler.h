// Answers requests for pictures: path and query in, an encoded picture out.

#ifndef IMAGESERVER_HANDLERS_IMAGE_HANDLER_H_
#define IMAGESERVER_HANDLERS_IMAGE_HANDLER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "groupcache/group.h"
#include "handlers/target_cache.h"
#include "http/handler.h"
#include "params/params.h"
#include "params/parse_target.h"

namespace imageserver {

// A target that was read before is not read again (TargetCache), but for one that leaves the
// format to us, whose key depends on more.
//
// Where a request leaves the format to us, its Accept is looked at, and every answer to it says so
// (`Vary`); of a request that is found wrong before that much is known, nobody looks at it.
//
// Threads: as Handler. REQUIRES: `group` outlives it.
class ImageHandler final : public Handler {
 public:
  // How requests are read just now. Called from any thread, concurrently.
  using Rules = std::function<TargetRules()>;

  // `timeout` is what one request may take; `max_age_seconds` how long clients may keep an image.
  ImageHandler(Group& group, Rules rules, std::chrono::milliseconds timeout, int max_age_seconds);

  Answer handle(const Request& request) override;

 private:
  // Whether the caches were asked for the picture already: each get is counted.
  enum class Looked : std::uint8_t { kNot, kInVain };

  [[nodiscard]] Answer read_and_answer(const Request& request, const TargetRules& rules,
                                       Looked looked);
  [[nodiscard]] Answer answer(const Request& request, const TargetRules& rules, Params params,
                              Looked looked);
  [[nodiscard]] Response respond(const Request& request, const Image& image) const;
  Awaitable<Response> respond_later(const Request& request, std::shared_ptr<Query> query);

  Group& group_;
  const Rules rules_;
  std::unique_ptr<TargetCache> known_;
  const std::chrono::milliseconds timeout_;
  const std::string cache_control_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_IMAGE_HANDLER_H_
