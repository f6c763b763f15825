// Answers requests for pictures: path and query in, an encoded picture out.

#ifndef IMAGESERVER_SERVER_IMAGE_HANDLER_H_
#define IMAGESERVER_SERVER_IMAGE_HANDLER_H_

#include <chrono>
#include <functional>
#include <string>

#include "http/handler.h"
#include "imageserver/group.h"
#include "imageserver/params.h"

namespace imageserver {

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
  [[nodiscard]] Answer answer(const Request& request, Params params);
  [[nodiscard]] Response respond(const Request& request, const Image& image) const;
  Awaitable<Response> respond_later(const Request& request, QueryPtr query);

  Group& group_;
  const Rules rules_;
  const std::chrono::milliseconds timeout_;
  const std::string cache_control_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_IMAGE_HANDLER_H_
