#include "image/vips/kill_switch.h"

#include <utility>

namespace imageserver {
namespace {

// Called by libvips after each strip of pixels.
void on_eval(VipsImage* image, VipsProgress*, void* stop) {
  if (static_cast<const std::stop_token*>(stop)->stop_requested()) vips_image_set_kill(image, TRUE);
}

}  // namespace

KillSwitch::KillSwitch(const vips::VImage& image, std::stop_token stop)
    : image_(image),
      stop_(std::move(stop)),
      handler_(g_signal_connect(image_.get_image(), "eval", G_CALLBACK(on_eval),
                                const_cast<std::stop_token*>(&stop_))) {
  // An image made from one that is watched reports to that one; it shall report to itself.
  vips_image_set_progress(image_.get_image(), FALSE);
  vips_image_set_progress(image_.get_image(), TRUE);
}

KillSwitch::~KillSwitch() {
  vips_image_set_progress(image_.get_image(), FALSE);
  g_signal_handler_disconnect(image_.get_image(), handler_);
}

vips::VImage in_memory(const vips::VImage& image, const std::stop_token& stop) {
  const KillSwitch kill(image, stop);
  vips::VImage result = image.copy_memory().copy();
  // Else all that follows would keep rows as if they came from top to bottom only.
  result.remove(VIPS_META_SEQUENTIAL);
  return result;
}

}  // namespace imageserver
