#include "image/plan/limits.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "params/invalid_param.h"
#include "params/names.h"

namespace imageserver {
namespace {

constexpr std::int64_t kMega = 1'000'000;

// VIPS_MAX_COORD: libvips has frames one below the other.
constexpr int kMostRows = 10'000'000;

Error source_too_large(const std::string& limit) {
  return {ErrorKind::kUnprocessable, "the picture is larger than " + limit};
}

Error source_too_large(const ImageLimits& limits) {
  return source_too_large(std::to_string(limits.max_pixels / kMega) + " megapixels");
}

// The parameter that made the result too large; empty if no parameter did.
std::string_view culprit(const TransformSpec& spec) {
  if (spec.dpr > 1 && (spec.width > 0 || spec.height > 0)) return names::kDpr;
  if (spec.width > 0) return names::kWidth;
  if (spec.height > 0) return names::kHeight;
  if (spec.rotation != 0) return names::kRotation;
  if (spec.format) return names::kFormat;
  return spec.quality ? names::kQuality : std::string_view();
}

Error result_too_large(const TransformSpec& spec, const std::string& limit) {
  const std::string_view name = culprit(spec);
  if (name.empty()) return source_too_large(limit);
  return invalid_param(name, "the result would be larger than " + limit);
}

}  // namespace

std::optional<Error> check_bytes(std::size_t size) {
  if (size <= kMaxSourceBytes) return std::nullopt;
  return source_too_large(std::to_string(kMaxSourceBytes >> 20U) + " MiB");
}

std::optional<Error> check_source(Size frame, int frames, const ImageLimits& limits) {
  if (area(frame) > limits.max_pixels / frames) return source_too_large(limits);
  if (frame.height <= kMostRows / frames) return std::nullopt;
  return source_too_large(std::to_string(kMostRows) + " rows, over all its frames");
}

std::optional<Error> check_coded(std::int64_t pixels, const ImageLimits& limits) {
  if (pixels <= limits.max_pixels / 4 * 5) return std::nullopt;
  return source_too_large(limits);
}

int max_scans(Size frame) {
  constexpr std::int64_t kPixelsOverAllScans = 1'000'000'000;
  return static_cast<int>(std::clamp(kPixelsOverAllScans / std::max(area(frame), std::int64_t{1}),
                                     std::int64_t{20}, std::int64_t{100}));
}

std::optional<Error> check_layout(const Layout& layout, int frames, const TransformSpec& spec,
                                  const ImageLimits& limits) {
  if (layout.rotation != 0 && area(layout.frame) > limits.max_pixels * 5 / 2)
    return invalid_param(names::kRotation, "the picture is too long to be turned by that");
  const Size size = layout.canvas.size;
  const int side = std::max({size.width, size.height, layout.picture.width, layout.picture.height});
  if (side > kMaxOutputSide)
    return result_too_large(spec, std::to_string(kMaxOutputSide) + " pixels a side");
  if (std::max(area(size), area(layout.picture)) > kMaxOutputPixels / frames)
    return result_too_large(spec, std::to_string(kMaxOutputPixels / kMega) + " megapixels");
  return std::nullopt;
}

std::optional<Error> check_codec(Format format, Size size) {
  const std::optional<std::int64_t> most = traits_of(format).max_pixels;
  if (!most || area(size) <= *most) return std::nullopt;
  const std::string_view title = row_of(file_type_of(format)).title;
  return invalid_param(names::kFormat, "the result in " + std::string(title) +
                                           " would be larger than " +
                                           std::to_string(*most / kMega) + " megapixels");
}

}  // namespace imageserver
