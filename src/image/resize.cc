#include "image/resize.h"

#include <algorithm>

namespace imageserver {
namespace {

using vips::VImage;

VipsKernel kernel_of(Resampling resampling) {
  switch (resampling) {
    case Resampling::kNearestNeighbor:
      return VIPS_KERNEL_NEAREST;
    case Resampling::kBox:
    case Resampling::kLinear:
      return VIPS_KERNEL_LINEAR;
    case Resampling::kCubic:
      return VIPS_KERNEL_CUBIC;
    case Resampling::kLanczos:
      return VIPS_KERNEL_LANCZOS3;
  }
  return VIPS_KERNEL_LANCZOS3;
}

VImage scale_with(const VImage& in, int width, int height, VipsKernel kernel, double gap) {
  const double horizontal = static_cast<double>(width) / in.width();
  const double vertical = static_cast<double>(height) / in.height();
  return in.resize(
      horizontal,
      VImage::option()->set("vscale", vertical)->set("kernel", kernel)->set("gap", gap));
}

// The mean of whole source pixels by the integer part of the factor, a triangle for the rest of it
// (a gap of 1 says so); larger sides repeat pixels.
VImage scale_box(const VImage& in, int width, int height) {
  const VImage shrunk = scale_with(in, std::min(width, in.width()), std::min(height, in.height()),
                                   VIPS_KERNEL_LINEAR, 1.0);
  return scale_with(shrunk, width, height, VIPS_KERNEL_NEAREST, 1.0);
}

VImage resample(const VImage& in, int width, int height, Resampling resampling) {
  if (resampling == Resampling::kBox) return scale_box(in, width, height);
  // A gap of 2 lets a cheap mean go before the kernel down to twice the size, where it is not seen.
  return scale_with(in, width, height, kernel_of(resampling), 2.0);
}

VImage scale(const VImage& in, int width, int height, Resampling resampling) {
  if (in.width() == width && in.height() == height) return in;
  if (!in.has_alpha() || resampling == Resampling::kNearestNeighbor)
    return resample(in, width, height, resampling);
  return resample(in.premultiply(), width, height, resampling)
      .unpremultiply()
      .rint()
      .cast(VIPS_FORMAT_UCHAR);
}

VImage cut(const VImage& in, int left, int top, int width, int height) {
  if (in.width() == width && in.height() == height) return in;
  return in.extract_area(left, top, width, height);
}

bool is_cut_first(const Plan& plan, const VImage& frame) {
  return plan.x.length < frame.width() || plan.y.length < frame.height();
}

}  // namespace

VImage resize(const VImage& frame, const Plan& plan, Resampling resampling) {
  const Axis& x = plan.x;
  const Axis& y = plan.y;
  const VImage region =
      is_cut_first(plan, frame) ? cut(frame, x.start, y.start, x.length, y.length) : frame;
  return cut(scale(region, x.scaled, y.scaled, resampling), x.offset, y.offset, x.size, y.size);
}

}  // namespace imageserver
