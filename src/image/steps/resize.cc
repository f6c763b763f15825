#include "image/steps/resize.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "image/steps/alpha.h"
#include "image/steps/linear_light.h"
#include "image/steps/shrink.h"

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

const char* interpolator_of(Resampling resampling) {
  switch (resampling) {
    case Resampling::kNearestNeighbor:
    case Resampling::kBox:
      return "nearest";
    case Resampling::kLinear:
      return "bilinear";
    case Resampling::kCubic:
    case Resampling::kLanczos:
      return "bicubic";
  }
  return "bicubic";
}

// How many pixels of the source become the whole width and height. Not a whole number where a
// decoder rounded its size up.
struct Extent {
  double width;
  double height;
};

// With a gap of 2 libvips takes cheap means down to twice the size, and the kernel from there: no
// difference is seen. With a gap of 1, for a box, the means are the filter: they shrink by the
// integer part of the factor, and a triangle does the rest.
VImage shrunk(const VImage& in, const Extent& extent, Size size, Resampling resampling) {
  if (size == Size{in.width(), in.height()}) return in;
  return in.resize(size.width / extent.width,
                   VImage::option()
                       ->set("vscale", size.height / extent.height)
                       ->set("kernel", kernel_of(resampling))
                       ->set("gap", resampling == Resampling::kBox ? 1.0 : 2.0));
}

// Maps corners onto corners. (libvips' own resize shifts an enlarged picture by half a pixel to the
// left and the top.) Nearest neighbour takes the pixel under the middle of each result pixel.
VImage mapped(const VImage& in, Size size, Resampling resampling) {
  if (size == Size{in.width(), in.height()}) return in;
  const double horizontal = static_cast<double>(size.width) / in.width();
  const double vertical = static_cast<double>(size.height) / in.height();
  const char* const name = interpolator_of(resampling);
  const double middle = std::string_view(name) == "nearest" ? 0.0 : 0.5;
  return in.affine({horizontal, 0, 0, vertical},
                   VImage::option()
                       ->set("interpolate", vips::VInterpolate::new_from_name(name))
                       ->set("oarea", std::vector<int>{0, 0, size.width, size.height})
                       ->set("idx", middle)
                       ->set("idy", middle)
                       ->set("odx", -0.5)
                       ->set("ody", -0.5)
                       ->set("extend", VIPS_EXTEND_COPY)
                       ->set("premultiplied", true));
}

VImage resample(const VImage& in, const Extent& extent, Size size, Resampling resampling) {
  if (resampling == Resampling::kNearestNeighbor) return mapped(in, size, resampling);
  const Size less{std::min(size.width, in.width()), std::min(size.height, in.height())};
  return mapped(shrunk(in, extent, less, resampling), size, resampling);
}

VImage scale(const VImage& in, const Extent& extent, Size size, Resampling resampling,
             Averaged averaged) {
  if (size == Size{in.width(), in.height()}) return in;
  const Filter filter = [&](const VImage& image) {
    return resample(image, extent, size, resampling);
  };
  if (resampling == Resampling::kNearestNeighbor || averaged == Averaged::kWeighed)
    return filter(in);
  return averaged == Averaged::kLight ? in_linear_light(in, filter) : weighed_by_alpha(in, filter);
}

// A part of one side of a frame, in pixels.
struct Range {
  int start;
  int length;
};

// The part of the source that `axis` scales, in a frame whose side has `frame` pixels and not
// axis.side, as it was decoded smaller.
Range scaled_range(const Axis& axis, int frame) {
  const auto at = [&](int place) {
    return static_cast<int>(std::lround(static_cast<double>(place) * frame / axis.side));
  };
  const int start = std::min(at(axis.start), frame - 1);
  return {start, std::max(1, at(axis.start + axis.length) - start)};
}

// A decoder that shrinks rounds up: its frame is less than one pixel too long.
double exact_extent(const Axis& axis, int length, double load_scale) {
  const double exact = axis.length * load_scale;
  return length - exact < 1.0 && exact < length ? exact : length;
}

// Where the pixels of the result lie along one side of the frame, of which `range` becomes the
// result. `extent` is the exact length of that range.
Sampling sampling_of(const Axis& axis, const Range& range, double extent) {
  const double factor = extent / axis.scaled;
  return {.first = range.start + (axis.offset + 0.5) * factor - 0.5,
          .step = factor,
          .count = axis.size,
          .low = range.start,
          .high = range.start + range.length,
          .samples = range.start + range.length};
}

}  // namespace

VImage cut_out(const VImage& frame, const Box& box) {
  if (box == whole_of({frame.width(), frame.height()})) return frame;
  return frame.extract_area(box.left, box.top, box.size.width, box.size.height);
}

VImage resize(const VImage& frame, const Plan& plan, double load_scale, Resampling resampling,
              Averaged averaged, const std::stop_token& stop) {
  const Axis& x = plan.x;
  const Axis& y = plan.y;
  const Range across = scaled_range(x, frame.width());
  const Range down = scaled_range(y, frame.height());
  const Extent extent{exact_extent(x, across.length, load_scale),
                      exact_extent(y, down.length, load_scale)};
  if (resampling == Resampling::kLanczos && averaged == Averaged::kValues &&
      Size{x.scaled, y.scaled} != Size{across.length, down.length}) {
    const Sampling columns = sampling_of(x, across, extent.width);
    const Sampling rows = sampling_of(y, down, extent.height);
    if (can_shrink(frame, columns, rows)) return shrink(frame, columns, rows, stop);
  }
  const VImage part = cut_out(frame, {across.start, down.start, {across.length, down.length}});
  const VImage scaled = scale(part, extent, {x.scaled, y.scaled}, resampling, averaged);
  return cut_out(scaled, {x.offset, y.offset, {x.size, y.size}});
}

}  // namespace imageserver
