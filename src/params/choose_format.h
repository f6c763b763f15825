// What a result is encoded in. Threads: any.

#ifndef IMAGESERVER_PARAMS_CHOOSE_FORMAT_H_
#define IMAGESERVER_PARAMS_CHOOSE_FORMAT_H_

#include <cstdint>

#include "formats/format.h"
#include "params/transform_spec.h"

namespace imageserver {

// What is known of a result before it is made.
struct ResultFacts {
  FileType source = FileType::kJpeg;
  bool moves = false;
  bool alpha = false;
  std::int64_t pixels = 0;
};

// The format asked for. Of the automatic ones the first that the client takes: WebP or GIF for an
// animation; else AVIF (up to `avif_max_pixels`) or WebP. If the client takes neither, PNG where
// there is alpha, else JPEG. With nothing asked the source's own, or if results are not made in it
// PNG or JPEG likewise.
[[nodiscard]] Format choose_format(const TransformSpec& spec, const ResultFacts& facts,
                                   std::int64_t avif_max_pixels);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_CHOOSE_FORMAT_H_
