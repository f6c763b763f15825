// The value that is cached of an original that was fetched.

#ifndef IMAGESERVER_SERVER_ORIGINAL_IMAGE_H_
#define IMAGESERVER_SERVER_ORIGINAL_IMAGE_H_

#include "formats/image.h"
#include "imageserver/error.h"
#include "imageserver/untrusted_formats.h"
#include "source/source.h"

namespace imageserver {

// kUnprocessable for what begins like nothing that is read. REQUIRES: the original has its bytes.
// Threads: any.
[[nodiscard]] Result<ImagePtr> original_image(const FetchedOriginal& fetched,
                                              const UntrustedFormats& untrusted);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_ORIGINAL_IMAGE_H_
