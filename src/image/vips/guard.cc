#include "image/vips/guard.h"

#include <memory>
#include <string_view>

#include "base/log.h"

namespace imageserver {
namespace {

// How libvips' tracked allocation ends its message, and what its loaders pass on of their own.
bool says_out_of_memory(std::string_view text) {
  return text.find("out of memory") != std::string_view::npos ||
         text.find("Out of memory") != std::string_view::npos ||
         text.find("unable to allocate") != std::string_view::npos;
}

}  // namespace

Error damaged() { return {ErrorKind::kUnprocessable, "the picture is damaged or incomplete"}; }

Error failure_of_libvips(const std::stop_token& stop) {
  const std::unique_ptr<char, decltype(&g_free)> text(vips_error_buffer_copy(), &g_free);
  log::debug("libvips: {}", text.get());
  if (stop.stop_requested()) return cancelled();
  return says_out_of_memory(text.get()) ? out_of_memory() : damaged();
}

Error failure_of_ours(const std::exception& error) {
  log::warn("a picture could not be made: {}", error.what());
  return {ErrorKind::kInternal, "the picture could not be made"};
}

}  // namespace imageserver
