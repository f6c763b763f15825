#include "image/steps/smart_crop.h"

#include "image/vips/kill_switch.h"

namespace imageserver {

using vips::VImage;

Box smart_crop(const VImage& image, Size size, Gravity::Kind kind, const std::stop_token& stop) {
  const KillSwitch kill(image, stop);
  const auto interest =
      kind == Gravity::Kind::kSmart ? VIPS_INTERESTING_ATTENTION : VIPS_INTERESTING_ENTROPY;
  const VImage part =
      image.smartcrop(size.width, size.height, VImage::option()->set("interesting", interest));
  return {-part.xoffset(), -part.yoffset(), size};
}

}  // namespace imageserver
