// Finds the quality to encode with, where a request asks for a similarity or a file size. Threads:
// any, each with pictures of its own.

#ifndef IMAGESERVER_IMAGE_CODEC_QUALITY_SEARCH_H_
#define IMAGESERVER_IMAGE_CODEC_QUALITY_SEARCH_H_

#include <stop_token>
#include <vips/vips8>

#include "base/bytes.h"
#include "formats/image.h"
#include "imageserver/error.h"
#include "params/transform_spec.h"

namespace imageserver {

// What `quality=auto` reaches: this structural similarity (structural_similarity, on white, of the
// first frame) to the picture before it is encoded. Photographs have it at the default qualities,
// on average; drawings and smooth ones at lower ones.
inline constexpr double kEnoughSimilarity = 0.965;

// The most times a picture is encoded for one result, whatever is asked of it.
inline constexpr int kMostEncodes = 5;

// The file. With `spec.auto_quality` at the lowest quality found that reaches kEnoughSimilarity
// (each encode is decoded and compared). With `spec.max_bytes` at the highest quality found that
// fits, but no higher than without `max_bytes`. kUnprocessable if not even the lowest quality fits,
// or the format has no quality; kCancelled if `stop` is requested between two encodes. REQUIRES: as
// encode(). Throws vips::VError.
[[nodiscard]] Result<Bytes> encode_to_fit(const vips::VImage& image, Format format,
                                          const TransformSpec& spec, const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_CODEC_QUALITY_SEARCH_H_
