// The header that says how many frames of an animation there are: `X-Imageserver-Frames: 100/250`.
// Threads: any.

#ifndef IMAGESERVER_PEERS_WIRE_FRAMES_FIELD_H_
#define IMAGESERVER_PEERS_WIRE_FRAMES_FIELD_H_

#include <optional>
#include <string>
#include <string_view>

#include "formats/image.h"

namespace imageserver {

inline constexpr std::string_view kFramesField = "X-Imageserver-Frames";

// `read/total`.
[[nodiscard]] std::string frames_text(const Frames& frames);

// None unless it is two numbers from 1 up, the first not above the second.
[[nodiscard]] std::optional<Frames> parse_frames(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_FRAMES_FIELD_H_
