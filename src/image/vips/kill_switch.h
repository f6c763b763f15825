// Ends what libvips does with an image when nobody waits for it any more. Threads: as the image.

#ifndef IMAGESERVER_IMAGE_VIPS_KILL_SWITCH_H_
#define IMAGESERVER_IMAGE_VIPS_KILL_SWITCH_H_

#include <stop_token>
#include <vips/vips8>

namespace imageserver {

// While it lives, an evaluation of the image, or of any image made from it in that time, fails soon
// after `stop` is requested. REQUIRES: no other thread uses the image during construction and
// destruction.
class KillSwitch {
 public:
  KillSwitch(const vips::VImage& image, std::stop_token stop);
  ~KillSwitch();

  KillSwitch(const KillSwitch&) = delete;
  KillSwitch& operator=(const KillSwitch&) = delete;

 private:
  const vips::VImage image_;
  const std::stop_token stop_;
  const unsigned long handler_;  // as GLib counts signal handlers
};

// A copy in memory, whose rows can be read in any order. Evaluates the image now; that fails soon
// after `stop` is requested. Throws vips::VError.
[[nodiscard]] vips::VImage in_memory(const vips::VImage& image, const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_VIPS_KILL_SWITCH_H_
