// Files whose readers can be led astray for ever, or into any amount of memory: they are read by a
// program of ours, imageserver-draw, in a process that is ended when it takes too long, or more
// than it is given, or when nobody waits for it any more.

#ifndef IMAGESERVER_IMAGE_SANDBOX_DECODE_IN_SANDBOX_H_
#define IMAGESERVER_IMAGE_SANDBOX_DECODE_IN_SANDBOX_H_

#include <cstdint>
#include <stop_token>
#include <string>
#include <vips/vips8>

#include "base/bytes.h"
#include "image/plan/header.h"
#include "imageserver/error.h"

namespace imageserver {

// As read_header(), of that page, or of the first one if there is no such. `program` is the path of
// imageserver-draw.
//
// kUnprocessable if it refuses, breaks down or is stopped by its limits; kCancelled soon after
// `stop` is requested; kInternal if it cannot be started. What it says is checked. Blocks until the
// process is gone. Threads: any number at once, a process each. All this holds below as well.
[[nodiscard]] Result<Header> read_header_in_sandbox(const std::string& program, const Bytes& source,
                                                    FileType type, int page,
                                                    const std::stop_token& stop);

// As decode() of one page, but in memory, in sRGB or grey, and without metadata. kUnprocessable
// also if it is larger than the header and `scale` say. REQUIRES: `header` is that page's.
[[nodiscard]] Result<vips::VImage> decode_in_sandbox(const std::string& program,
                                                     const Bytes& source, const Header& header,
                                                     int page, double scale,
                                                     const std::stop_token& stop);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_SANDBOX_DECODE_IN_SANDBOX_H_
