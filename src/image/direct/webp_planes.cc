#include "image/direct/webp_planes.h"

#include <webp/encode.h>

#include <algorithm>
#include <vector>

#include "image/codec/effort.h"

namespace imageserver {
namespace {

class Picture {
 public:
  Picture() { WebPPictureInit(&picture_); }  // planes of YUV 4:2:0, if nothing else is said
  ~Picture() { WebPPictureFree(&picture_); }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  Picture(Picture&&) = delete;
  Picture& operator=(Picture&&) = delete;

  WebPPicture* operator->() { return &picture_; }
  WebPPicture* get() { return &picture_; }

 private:
  WebPPicture picture_{};
};

class Writer {
 public:
  Writer() { WebPMemoryWriterInit(&writer_); }
  ~Writer() { WebPMemoryWriterClear(&writer_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  Writer(Writer&&) = delete;
  Writer& operator=(Writer&&) = delete;

  WebPMemoryWriter* get() { return &writer_; }
  [[nodiscard]] std::string_view written() const {
    return {reinterpret_cast<const char*>(writer_.mem), writer_.size};
  }

 private:
  WebPMemoryWriter writer_{};
};

// libwebp reads planes where they are, and only reads them.
std::uint8_t* samples_of(const BytePlane& plane) { return const_cast<std::uint8_t*>(plane.row(0)); }

// The chroma of grey.
BytePlane no_chroma(Size luma) {
  BytePlane plane({(luma.width + 1) / 2, (luma.height + 1) / 2});
  for (int y = 0; y < plane.size().height; ++y) {
    std::fill_n(plane.row(y), plane.stride(), std::uint8_t{128});
  }
  return plane;
}

}  // namespace

std::optional<Bytes> encode_webp(const Planes& planes, int quality) {
  WebPConfig config;
  if (WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, static_cast<float>(quality)) == 0) return {};
  config.method = kWebpEffort;
  const std::optional<BytePlane> grey =
      planes.is_grey() ? std::optional(no_chroma(planes.size)) : std::nullopt;
  const BytePlane& blue = grey ? *grey : planes.planes[1];
  const BytePlane& red = grey ? *grey : planes.planes[2];
  Picture picture;
  Writer writer;
  picture->width = planes.size.width;
  picture->height = planes.size.height;
  picture->y = samples_of(planes.planes[0]);
  picture->u = samples_of(blue);
  picture->v = samples_of(red);
  picture->y_stride = static_cast<int>(planes.planes[0].stride());
  picture->uv_stride = static_cast<int>(blue.stride());
  picture->writer = WebPMemoryWrite;
  picture->custom_ptr = writer.get();
  if (WebPEncode(&config, picture.get()) == 0) return {};
  return Bytes::copy(writer.written());
}

}  // namespace imageserver
