// The door of this room: what libvips throws becomes a value here. Threads: any.

#ifndef IMAGESERVER_IMAGE_VIPS_GUARD_H_
#define IMAGESERVER_IMAGE_VIPS_GUARD_H_

#include <exception>
#include <new>
#include <stop_token>
#include <vips/vips8>

#include "base/cancelled.h"
#include "base/out_of_memory.h"
#include "imageserver/error.h"

namespace imageserver {

// kUnprocessable: the one wording for a file that cannot be decoded.
[[nodiscard]] Error damaged();

// The error for an exception of libvips: cancelled() if `stop` was requested, out_of_memory() if
// the text of libvips says so, else damaged(). The text goes to the log only: it belongs to the
// whole process, and may tell of another thread's picture.
[[nodiscard]] Error failure_of_libvips(const std::stop_token& stop);

// kInternal, for any other exception, which is logged.
[[nodiscard]] Error failure_of_ours(const std::exception& error);

// What `work` returns, a Result, or the error that stands for what it throws.
template <class Work>
[[nodiscard]] auto guarded(const std::stop_token& stop, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const vips::VError&) {
    return failure_of_libvips(stop);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  } catch (const std::exception& error) {
    return failure_of_ours(error);
  }
}

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_VIPS_GUARD_H_
