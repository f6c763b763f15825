#include "image/vips/guard.h"

#include <memory>

#include "base/log.h"

namespace imageserver {

Error damaged() { return {ErrorKind::kUnprocessable, "the picture is damaged or incomplete"}; }

Error failure_of_libvips(const std::stop_token& stop) {
  const std::unique_ptr<char, decltype(&g_free)> text(vips_error_buffer_copy(), &g_free);
  log::debug("libvips: {}", text.get());
  return stop.stop_requested() ? cancelled() : damaged();
}

Error failure_of_ours(const std::exception& error) {
  log::warn("a picture could not be made: {}", error.what());
  return {ErrorKind::kInternal, "the picture could not be made"};
}

}  // namespace imageserver
