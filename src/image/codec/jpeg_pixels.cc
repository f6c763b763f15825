#include "image/codec/jpeg_pixels.h"

#include <turbojpeg.h>

#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

namespace imageserver {
namespace {

struct Destroy {
  void operator()(void* handle) const { tjDestroy(handle); }
};

using Handle = std::unique_ptr<std::remove_pointer_t<tjhandle>, Destroy>;

}  // namespace

bool jpeg_has_all_pixels(std::string_view jpeg) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  const Handle handle(tjInitDecompress());
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int space = 0;
  if (tjDecompressHeader3(handle.get(), bytes, jpeg.size(), &width, &height, &subsampling,
                          &space) != 0) {
    return false;
  }
  constexpr tjscalingfactor kEighth{1, 8};
  const int columns = TJSCALED(width, kEighth);
  const int rows = TJSCALED(height, kEighth);
  const bool is_ink = space == TJCS_CMYK || space == TJCS_YCCK;
  const int format = is_ink ? TJPF_CMYK : TJPF_RGB;
  std::vector<unsigned char> pixels(static_cast<std::size_t>(columns) *
                                    static_cast<std::size_t>(rows) *
                                    static_cast<std::size_t>(is_ink ? 4 : 3));
  return tjDecompress2(handle.get(), bytes, jpeg.size(), pixels.data(), columns, 0, rows, format,
                       TJFLAG_STOPONWARNING) == 0;
}

}  // namespace imageserver
