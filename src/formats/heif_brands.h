// Tells files of HEIF's family (ISO/IEC 23008-12) from each other, and from other media of ISO/IEC
// 14496-12, by their brands: a box `ftyp` comes first, with a major brand, a version, and
// compatible brands. The first brand that is one of ours counts. Threads: any.

#ifndef IMAGESERVER_FORMATS_HEIF_BRANDS_H_
#define IMAGESERVER_FORMATS_HEIF_BRANDS_H_

#include <string_view>

namespace imageserver {

[[nodiscard]] bool is_avif(std::string_view bytes);
[[nodiscard]] bool is_heic(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_HEIF_BRANDS_H_
