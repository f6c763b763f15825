#include "formats/file_type.h"

namespace imageserver {

std::optional<Format> format_of(FileType type) {
  switch (type) {
    case FileType::kJpeg:
      return Format::kJpeg;
    case FileType::kPng:
      return Format::kPng;
    case FileType::kGif:
      return Format::kGif;
    case FileType::kWebp:
      return Format::kWebp;
    case FileType::kAvif:
      return Format::kAvif;
    case FileType::kTiff:
      return Format::kTiff;
    case FileType::kBmp:
      return Format::kBmp;
    case FileType::kHeic:
    case FileType::kSvg:
    case FileType::kPdf:
    case FileType::kJxl:
      return std::nullopt;
  }
  return std::nullopt;
}

bool can_move(FileType type) { return type == FileType::kGif || type == FileType::kWebp; }

bool can_move(Format format) { return format == Format::kGif || format == Format::kWebp; }

bool is_vector(FileType type) { return type == FileType::kSvg || type == FileType::kPdf; }

bool needs_sandbox(FileType type) { return is_vector(type) || type == FileType::kJxl; }

}  // namespace imageserver
