// Refuses animations of too many frames: see Reader::refusal (codec.h). Threads: any.

#ifndef IMAGESERVER_IMAGE_CODEC_FRAME_REFUSAL_H_
#define IMAGESERVER_IMAGE_CODEC_FRAME_REFUSAL_H_

#include <optional>
#include <string>
#include <string_view>

namespace imageserver {

[[nodiscard]] std::optional<std::string> gif_refusal(std::string_view file, int page);
[[nodiscard]] std::optional<std::string> webp_refusal(std::string_view file, int page);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_FRAME_REFUSAL_H_
