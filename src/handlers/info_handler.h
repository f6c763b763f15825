// Answers `/info/<path>`: describes the original of that path.

#ifndef IMAGESERVER_HANDLERS_INFO_HANDLER_H_
#define IMAGESERVER_HANDLERS_INFO_HANDLER_H_

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "groupcache/group.h"
#include "handlers/serving.h"
#include "http/handler.h"

namespace imageserver {

inline constexpr std::string_view kInfoPath = "/info/";

// Goes the way of pictures, in a group of its own: the node that owns the description makes it once
// and keeps it, and other nodes ask that one. No counter of `/stats` counts it.
//
// Threads: as Handler. REQUIRES: `descriptions` outlives it.
class InfoHandler final : public Handler {
 public:
  // `timeout` and `max_age_seconds` are as ImageHandler's.
  InfoHandler(Group& descriptions, std::chrono::milliseconds timeout, int max_age_seconds);

  // REQUIRES: the target begins with kInfoPath. Its query is ignored, and the answer says so
  // (kIgnoredField).
  Answer handle(const Request& request) override;

 private:
  Awaitable<Response> respond_later(const Request& request, std::shared_ptr<Query> query,
                                    bool was_cached, bool is_unsure);
  [[nodiscard]] Response respond(const Request& request, const Image& description,
                                 const Serving& serving) const;

  Group& descriptions_;
  const std::chrono::milliseconds timeout_;
  const CacheControl cache_control_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_INFO_HANDLER_H_
