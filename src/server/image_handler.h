// Answers requests for pictures: path and query in, an encoded picture out.

#ifndef IMAGESERVER_SERVER_IMAGE_HANDLER_H_
#define IMAGESERVER_SERVER_IMAGE_HANDLER_H_

#include <chrono>
#include <string>

#include "http/handler.h"
#include "imageserver/group.h"

namespace imageserver {

// Threads: as Handler. REQUIRES: `group` outlives it.
class ImageHandler final : public Handler {
 public:
  // `timeout` is what one request may take; `max_age_seconds` how long clients may keep an image.
  ImageHandler(Group& group, std::chrono::milliseconds timeout, int max_age_seconds);

  Answer handle(const Request& request) override;

 private:
  [[nodiscard]] Response respond(const Request& request, const Image& image) const;
  Awaitable<Response> respond_later(const Request& request, QueryPtr query);

  Group& group_;
  const std::chrono::milliseconds timeout_;
  const std::string cache_control_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_IMAGE_HANDLER_H_
