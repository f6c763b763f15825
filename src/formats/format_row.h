// A row of the table of formats: all that the rest of the program asks of a format. How libvips
// reads and writes each stands in image/codec/codec.h.

#ifndef IMAGESERVER_FORMATS_FORMAT_ROW_H_
#define IMAGESERVER_FORMATS_FORMAT_ROW_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "imageserver/untrusted_formats.h"

namespace imageserver {

// What files of originals are.
enum class FileType : std::uint8_t {
  kJpeg,
  kPng,
  kGif,
  kWebp,
  kAvif,
  kHeic,
  kTiff,
  kBmp,
  kSvg,
  kPdf,
  kJxl
};

// What results are encoded in: the file types that we write.
enum class Format : std::uint8_t { kJpeg, kPng, kGif, kWebp, kAvif, kTiff, kBmp };

inline constexpr std::array kFormats = {Format::kJpeg, Format::kPng,  Format::kGif, Format::kWebp,
                                        Format::kAvif, Format::kTiff, Format::kBmp};

// What a result in a format is called, and can be.
struct ResultTraits {
  Format format;
  std::string_view media_type;              // the Content-Type
  int encode_work;                          // for each pixel, as FormatRow's
  int encode_memory;                        // bytes for each pixel, as FormatRow's
  std::string_view alias = {};              // the second name that a request may use; may be empty
  std::optional<int> default_quality = {};  // 1 to 100; none: the format has no quality
  bool lossless = false;                    // can be asked to have no loss; then has no quality
  int lossless_work = 0;                    // then in the place of encode_work
  int lossless_memory = 0;                  // and of encode_memory
  bool palette = false;                     // can be asked to have few colours
  bool progressive = false;                 // can be asked to be shown before all of it has arrived
  bool alpha = true;
  bool metadata = false;                        // holds the copyright of the original
  std::optional<std::int64_t> max_pixels = {};  // of a result, where the encoder is slow
};

struct FormatRow {
  FileType type;
  std::string_view name;   // "jpeg": on the wire, in keys, flags and JSON
  std::string_view title;  // "JPEG": in texts for people
  int decode_work;         // for each pixel, where a JPEG's takes 1 (image/work.h)
  int decode_memory;  // bytes for each pixel, where the decoder holds them all (image/memory.h)

  // The file begins with one of these, if there are any; empty ones do not count.
  std::array<std::string_view, 4> beginnings = {};
  // Whether bytes that begin so are such a file; null: all are.
  bool (*is_it)(std::string_view bytes) = nullptr;
  // The checks and repairs of formats/structure.h; null: everything passes, nothing is repaired.
  bool (*is_sound)(std::string_view bytes, int max_scans) = nullptr;
  std::optional<Bytes> (*with_end)(std::string_view bytes) = nullptr;
  std::optional<Bytes> (*readable)(std::string_view bytes) = nullptr;
  bool (*has_sound_header)(std::string_view bytes) = nullptr;
  // Whether the decoder of these bytes holds the whole picture; null: it always does.
  bool (*is_held_whole)(std::string_view bytes) = nullptr;

  bool pages = false;      // may hold several pictures: frames or pages
  bool animation = false;  // these are frames of an animation
  bool vector = false;     // drawn at any size without loss

  // The permission to read such files, each by a renderer of its own; null: read always.
  bool UntrustedFormats::* permission = nullptr;

  // None for file types that we never write.
  std::optional<ResultTraits> result = {};
};

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_FORMAT_ROW_H_
