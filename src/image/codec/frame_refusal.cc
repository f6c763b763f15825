#include "image/codec/frame_refusal.h"

#include "formats/frame_limit.h"
#include "formats/gif_blocks.h"
#include "formats/webp_chunks.h"

namespace imageserver {
namespace {

std::optional<std::string> refusal_of(std::string_view title, bool has_few_frames) {
  if (has_few_frames) return std::nullopt;
  return "the " + std::string(title) + " has more than " + std::to_string(kMostFrames) + " frames";
}

}  // namespace

std::optional<std::string> gif_refusal(std::string_view file, int /*page*/) {
  return refusal_of("GIF", gif_has_few_frames(file));
}

std::optional<std::string> webp_refusal(std::string_view file, int /*page*/) {
  return refusal_of("WebP", webp_has_few_frames(file));
}

}  // namespace imageserver
