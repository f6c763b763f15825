// Answers `/info/<path>`: describes the original of that path.

#ifndef IMAGESERVER_HANDLERS_INFO_HANDLER_H_
#define IMAGESERVER_HANDLERS_INFO_HANDLER_H_

#include <chrono>
#include <string>
#include <string_view>

#include "handlers/info_source.h"
#include "http/handler.h"

namespace imageserver {

inline constexpr std::string_view kInfoPath = "/info/";

// Every answer is made anew: no cache keeps it, and no counter counts it.
//
// Threads: as Handler. REQUIRES: `source` outlives it.
class InfoHandler final : public Handler {
 public:
  // `timeout` and `max_age_seconds` are as ImageHandler's.
  InfoHandler(InfoSource& source, std::chrono::milliseconds timeout, int max_age_seconds);

  // REQUIRES: the target begins with kInfoPath. Its query is ignored, and the answer says so
  // (kIgnoredField).
  Answer handle(const Request& request) override;

 private:
  Awaitable<Response> respond_later(const Request& request, std::string path);
  [[nodiscard]] Response respond(const Request& request, std::string json) const;

  InfoSource& source_;
  const std::chrono::milliseconds timeout_;
  const std::string cache_control_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_INFO_HANDLER_H_
