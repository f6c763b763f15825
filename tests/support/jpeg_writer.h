// JPEGs as TurboJPEG writes them: libvips has no names for all subsamplings of chroma.

#ifndef IMAGESERVER_TESTS_SUPPORT_JPEG_WRITER_H_
#define IMAGESERVER_TESTS_SUPPORT_JPEG_WRITER_H_

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vips/vips8>

namespace imageserver {

// REQUIRES: 8 bits in three bands.
inline std::string jpeg_with(const vips::VImage& image, TJSAMP chroma) {
  const std::unique_ptr<void, decltype(&tjDestroy)> handle(tjInitCompress(), tjDestroy);
  std::size_t length = 0;
  const std::unique_ptr<void, decltype(&g_free)> pixels(image.write_to_memory(&length), g_free);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): TurboJPEG's type
  const int failed =
      tjCompress2(handle.get(), static_cast<unsigned char*>(pixels.get()), image.width(), 0,
                  image.height(), TJPF_RGB, &bytes, &size, chroma, 95, 0);
  EXPECT_EQ(failed, 0);
  const std::string jpeg(reinterpret_cast<const char*>(bytes), size);
  tjFree(bytes);
  return jpeg;
}

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_SUPPORT_JPEG_WRITER_H_
