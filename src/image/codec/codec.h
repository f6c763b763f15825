// The table of codecs: one row a file type, with the functions that read and write it. What a
// format is beside that stands in formats/format.h.

#ifndef IMAGESERVER_IMAGE_CODEC_CODEC_H_
#define IMAGESERVER_IMAGE_CODEC_CODEC_H_

#include <optional>
#include <string>
#include <string_view>
#include <vips/vips8>

#include "base/bytes.h"
#include "formats/format.h"
#include "image/plan/header.h"
#include "params/transform_spec.h"

namespace imageserver {

struct Reader {
  // The class of libvips' loader; null where the reader is our own.
  const char* loader = nullptr;

  // The picture, by libvips; null where `read` or open_page is set. Takes the options over.
  // Throws vips::VError. REQUIRES: the file outlives it.
  vips::VImage (*open)(VipsBlob* file, vips::VOption* options) = nullptr;

  // Asks open() for a picture of another size; null where it gives none.
  void (*set_scale)(double scale, vips::VOption* options) = nullptr;

  // The header, and the colour profile, where libvips would decode all pixels for them or does not
  // read the file; null elsewhere, and without a `profile` such files have none. Throw
  // vips::VError.
  Header (*header)(std::string_view file) = nullptr;
  std::string_view (*profile)(std::string_view file) = nullptr;

  // The size of a frame as the file claims it, where open() takes memory for all pixels at once;
  // null elsewhere. None if the file claims none.
  std::optional<Size> (*claimed_size)(std::string_view file) = nullptr;

  // The header of files that can be read faster than by open(), the same; none of others. Null
  // where there are no such files.
  std::optional<Header> (*quick_header)(std::string_view file) = nullptr;

  // The frames one below the other, by a reader of our own, which heeds all that it is told; such a
  // reader has a `header` as well. Null elsewhere. Throws vips::VError. REQUIRES: the file outlives
  // the picture; arguments as decode()'s.
  vips::VImage (*read)(std::string_view file, const Pages& pages, double scale) = nullptr;

  // Whether all pixels are there; null where open() notices that they are not. See Doubt
  // (decode.h).
  bool (*has_all_pixels)(std::string_view file) = nullptr;

  // Does as open() does, where what a page needs follows its own tags; null elsewhere.
  vips::VImage (*open_page)(VipsBlob* file, int page, vips::VOption* options) = nullptr;

  // Why a page is not read although the file may be sound, in words for people; null where open()
  // reads all that is sound.
  std::optional<std::string> (*refusal)(std::string_view file, int page) = nullptr;
};

struct Writer {
  // The class of libvips' saver; null where the writer is our own.
  const char* saver = nullptr;

  // The file; arguments and REQUIRES as encode()'s. Adds its own options to those that all savers
  // have in common, and takes them over. Null where there is no writer.
  Bytes (*write)(const vips::VImage& image, vips::VOption* options, int quality,
                 const TransformSpec& spec) = nullptr;
};

struct Codec {
  FileType type;
  Reader reader;
  Writer writer = {};
};

// Threads: any.
[[nodiscard]] const Codec& codec_of(FileType type);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_CODEC_H_
