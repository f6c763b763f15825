// libvips, started and set up for a server.

#ifndef IMAGESERVER_IMAGE_VIPS_VIPS_LIBRARY_H_
#define IMAGESERVER_IMAGE_VIPS_VIPS_LIBRARY_H_

#include <glib.h>

#include <functional>
#include <span>

namespace imageserver {

// While one lives, transform() may be called. At most one a process, and none after the first is
// gone: libvips does not start twice.
//
// It blocks every loader and saver of libvips but those allowed (image/codec/allowed_operations.h),
// so that no file can choose the code that reads it. Each picture is worked on by the thread that
// asked and one thread of libvips: many requests run beside each other, not many threads for one.
// Nothing is cached. Messages of libvips go to the log at debug level, as any stranger's file can
// cause them.
class VipsLibrary {
 public:
  // Allows the loaders and savers of these classes. `on_no_memory` is called by the thread that
  // finds no memory, before GLib ends the process for it: it allocates none. Throws
  // std::runtime_error if libvips does not start.
  explicit VipsLibrary(
      std::span<const char* const> allowed, std::function<void()> on_no_memory = [] {});

  // REQUIRES: no transform() is running, and every other thread that called it has called
  // thread_exit().
  ~VipsLibrary();

  VipsLibrary(const VipsLibrary&) = delete;
  VipsLibrary& operator=(const VipsLibrary&) = delete;

  // Frees what libvips keeps for the calling thread; the last thing a worker does. Threads: any.
  static void thread_exit();

 private:
  std::function<void()> on_no_memory_;
  GLogFunc previous_handler_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_VIPS_VIPS_LIBRARY_H_
