#include "image/steps/sharpen.h"

#include "image/steps/alpha.h"
#include "image/steps/blur.h"

namespace imageserver {

using vips::VImage;

VImage sharpened(const VImage& image, double sigma) {
  const VImage soft = blurred(image, sigma);
  const VImage sharp = (image * 2 - soft).cast(VIPS_FORMAT_UCHAR);
  return image.has_alpha() ? colour_of(sharp).bandjoin(alpha_of(image)) : sharp;
}

}  // namespace imageserver
