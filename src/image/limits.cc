#include "image/limits.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "imageserver/params.h"

namespace imageserver {
namespace {

constexpr std::int64_t kMega = 1'000'000;

Error source_too_large(const std::string& limit) {
  return {ErrorKind::kUnprocessable, "the picture is larger than " + limit};
}

std::string_view culprit(const TransformSpec& spec) {
  if (spec.width > 0) return "width";
  if (spec.height > 0) return "height";
  return spec.format ? "format" : "quality";
}

Error result_too_large(const TransformSpec& spec, const std::string& limit) {
  std::string message = "invalid param \"";
  message.append(culprit(spec)).append("\": the result would be larger than ").append(limit);
  return {ErrorKind::kInvalidParam, message};
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

std::optional<Error> check_result(Size frame, int frames, const TransformSpec& spec) {
  if (std::max(frame.width, frame.height) > kMaxOutputSide)
    return result_too_large(spec, std::to_string(kMaxOutputSide) + " pixels a side");
  if (area(frame) > kMaxOutputPixels / frames)
    return result_too_large(spec, std::to_string(kMaxOutputPixels / kMega) + " megapixels");
  return std::nullopt;
}

}  // namespace imageserver
