#include "image/direct/jpeg_planes.h"

#include <turbojpeg.h>

#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace imageserver {
namespace {

struct Destroy {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<std::remove_pointer_t<tjhandle>, Destroy>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<Subsampling> subsampling_of(int tj) {
  switch (tj) {
    case TJSAMP_444:
    case TJSAMP_GRAY:
      return Subsampling{1, 1};
    case TJSAMP_422:
      return Subsampling{2, 1};
    case TJSAMP_420:
      return Subsampling{2, 2};
    case TJSAMP_440:
      return Subsampling{1, 2};
    case TJSAMP_411:
      return Subsampling{4, 1};
    default:
      return std::nullopt;
  }
}

int tj_of(const JpegLayout& layout) {
  if (layout.grey) return TJSAMP_GRAY;
  if (layout.chroma.across == 4) return TJSAMP_411;
  if (layout.chroma.down == 1) return layout.chroma.across == 1 ? TJSAMP_444 : TJSAMP_422;
  return layout.chroma.across == 1 ? TJSAMP_440 : TJSAMP_420;
}

// TurboJPEG's arrays of a pointer and a stride for each plane.
struct Arrays {
  std::array<unsigned char*, 3> rows{};
  std::array<int, 3> strides{};
};

Arrays arrays_of(std::vector<BytePlane>& planes) {
  Arrays arrays;
  for (std::size_t i = 0; i < planes.size(); ++i) {
    arrays.rows.at(i) = planes[i].row(0);
    arrays.strides.at(i) = static_cast<int>(planes[i].stride());
  }
  return arrays;
}

Planes blank_planes(const JpegLayout& layout, Size size) {
  Planes planes{size, layout.chroma, {}};
  const int tj = tj_of(layout);
  for (int i = 0; i < (layout.grey ? 1 : 3); ++i) {
    planes.planes.emplace_back(
        Size{tjPlaneWidth(i, size.width, tj), tjPlaneHeight(i, size.height, tj)});
  }
  return planes;
}

}  // namespace

std::optional<JpegLayout> read_jpeg_layout(std::string_view jpeg) {
  const Handle handle(tjInitDecompress());
  JpegLayout layout;
  int subsampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(handle.get(), bytes_of(jpeg), jpeg.size(), &layout.size.width,
                          &layout.size.height, &subsampling, &colours) != 0) {
    return std::nullopt;
  }
  const auto chroma = subsampling_of(subsampling);
  if (!chroma || (colours != TJCS_YCbCr && colours != TJCS_GRAY)) return std::nullopt;
  layout.grey = colours == TJCS_GRAY;
  layout.chroma = *chroma;
  return layout;
}

std::optional<Planes> decode_jpeg(std::string_view jpeg, const JpegLayout& layout, int shrink) {
  const Handle handle(tjInitDecompress());
  const tjscalingfactor scale{1, shrink};
  const Size size{TJSCALED(layout.size.width, scale), TJSCALED(layout.size.height, scale)};
  Planes planes = blank_planes(layout, size);
  auto arrays = arrays_of(planes.planes);
  if (tjDecompressToYUVPlanes(handle.get(), bytes_of(jpeg), jpeg.size(), arrays.rows.data(),
                              size.width, arrays.strides.data(), size.height, 0) != 0) {
    return std::nullopt;
  }
  return planes;
}

}  // namespace imageserver
