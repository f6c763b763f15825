// The door to libvips for pictures of our own readers. Threads: any.

#ifndef IMAGESERVER_IMAGE_VIPS_FILL_PART_H_
#define IMAGESERVER_IMAGE_VIPS_FILL_PART_H_

#include <exception>
#include <new>
#include <vips/vips8>

namespace imageserver {

// Runs `fill`, which writes a part of a picture that libvips asks for. libvips is C, so nothing may
// be thrown through it: what `fill` throws becomes its text, from which failure_of_libvips() tells
// memory that ran out. Returns what libvips wants to be returned.
template <class Fill>
[[nodiscard]] int fill_part(const char* domain, const Fill& fill) {
  try {
    fill();
    return 0;
  } catch (const std::bad_alloc&) {
    vips_error(domain, "%s", "out of memory");
  } catch (const std::exception& error) {
    vips_error(domain, "%s", error.what());
  }
  return -1;
}

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_VIPS_FILL_PART_H_
