// What files of originals are.

#ifndef IMAGESERVER_FORMATS_FILE_TYPE_H_
#define IMAGESERVER_FORMATS_FILE_TYPE_H_

#include <cstdint>
#include <optional>

#include "formats/image.h"

namespace imageserver {

enum class FileType : std::uint8_t {
  kJpeg,
  kPng,
  kGif,
  kWebp,
  kAvif,
  kTiff,
  kBmp,
  kHeic,
  kSvg,
  kPdf,
  kJxl
};

// The format whose files these are; none for those that are never passed through.
[[nodiscard]] std::optional<Format> format_of(FileType type);

// Whether several frames are an animation, and not pages.
[[nodiscard]] bool can_move(FileType type);
[[nodiscard]] bool can_move(Format format);

// Drawn at any size without loss.
[[nodiscard]] bool is_vector(FileType type);

// Read only where it is allowed, and never in the process that serves.
[[nodiscard]] bool needs_sandbox(FileType type);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_FILE_TYPE_H_
