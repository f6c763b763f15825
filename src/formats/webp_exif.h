// Taking the EXIF block out of a WebP file. Threads: any.

#ifndef IMAGESERVER_FORMATS_WEBP_EXIF_H_
#define IMAGESERVER_FORMATS_WEBP_EXIF_H_

#include <string_view>

#include "base/bytes.h"

namespace imageserver {

// A copy of the file without its EXIF chunk, if that is the last one (where encoders put it); else
// just a copy. REQUIRES: a well-formed file.
[[nodiscard]] Bytes without_exif(std::string_view webp);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_WEBP_EXIF_H_
