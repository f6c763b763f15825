#include "image/limits.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "imageserver/params.h"
#include "params/invalid_param.h"
#include "params/names.h"

namespace imageserver {
namespace {

constexpr std::int64_t kMega = 1'000'000;

Error source_too_large(const std::string& limit) {
  return {ErrorKind::kUnprocessable, "the picture is larger than " + limit};
}

std::string_view culprit(const TransformSpec& spec) {
  if (spec.width > 0) return names::kWidth;
  if (spec.height > 0) return names::kHeight;
  return spec.format ? names::kFormat : names::kQuality;
}

Error result_too_large(const TransformSpec& spec, const std::string& limit) {
  return invalid_param(culprit(spec), "the result would be larger than " + limit);
}

std::int64_t area(Size size) { return std::int64_t{size.width} * size.height; }

}  // namespace

std::optional<Error> check_bytes(std::size_t size) {
  if (size <= kMaxSourceBytes) return std::nullopt;
  return source_too_large(std::to_string(kMaxSourceBytes >> 20U) + " MiB");
}

std::optional<Error> check_source(Size frame, int frames, const ImageLimits& limits) {
  if (area(frame) <= limits.max_pixels / frames) return std::nullopt;
  return source_too_large(std::to_string(limits.max_pixels / kMega) + " megapixels");
}

int max_scans(Size frame) {
  constexpr std::int64_t kPixelsOverAllScans = 1'000'000'000;
  return static_cast<int>(std::clamp(kPixelsOverAllScans / std::max(area(frame), std::int64_t{1}),
                                     std::int64_t{20}, std::int64_t{100}));
}

std::optional<Error> check_result(Size frame, int frames, const TransformSpec& spec) {
  if (std::max(frame.width, frame.height) > kMaxOutputSide)
    return result_too_large(spec, std::to_string(kMaxOutputSide) + " pixels a side");
  if (area(frame) > kMaxOutputPixels / frames)
    return result_too_large(spec, std::to_string(kMaxOutputPixels / kMega) + " megapixels");
  return std::nullopt;
}

}  // namespace imageserver
