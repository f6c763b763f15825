// Memory handed to and from libvips.

#ifndef IMAGESERVER_IMAGE_VIPS_BLOB_H_
#define IMAGESERVER_IMAGE_VIPS_BLOB_H_

#include <vips/vips.h>

#include <memory>
#include <string_view>

namespace imageserver {

struct BlobUnref {
  void operator()(VipsBlob* blob) const { vips_area_unref(reinterpret_cast<VipsArea*>(blob)); }
};

using Blob = std::unique_ptr<VipsBlob, BlobUnref>;

// REQUIRES: the bytes outlive everything that reads the blob.
[[nodiscard]] inline Blob borrow(std::string_view bytes) {
  return Blob(vips_blob_new(nullptr, bytes.data(), bytes.size()));
}

[[nodiscard]] inline std::string_view view(VipsBlob* blob) {
  std::size_t size = 0;
  const void* data = vips_blob_get(blob, &size);
  return {static_cast<const char*>(data), size};
}

[[nodiscard]] inline std::string_view view(const Blob& blob) { return view(blob.get()); }

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_VIPS_BLOB_H_
