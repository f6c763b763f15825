// Answers `/info/<path>`: what the original of that path is.

#ifndef IMAGESERVER_SERVER_INFO_HANDLER_H_
#define IMAGESERVER_SERVER_INFO_HANDLER_H_

#include <chrono>
#include <string>
#include <string_view>

#include "http/handler.h"
#include "server/info_loader.h"

namespace imageserver {

inline constexpr std::string_view kInfoPath = "/info/";

// Every answer is made anew: nothing is kept, and no counter moves.
//
// Threads: as Handler. REQUIRES: `loader` outlives it.
class InfoHandler final : public Handler {
 public:
  // As ImageHandler's.
  InfoHandler(InfoLoader& loader, std::chrono::milliseconds timeout, int max_age_seconds);

  // REQUIRES: the target begins with kInfoPath. Its query says nothing.
  Answer handle(const Request& request) override;

 private:
  Awaitable<Response> respond_later(const Request& request, std::string path);
  [[nodiscard]] Response respond(const Request& request, std::string json) const;

  InfoLoader& loader_;
  const std::chrono::milliseconds timeout_;
  const std::string cache_control_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_INFO_HANDLER_H_
