// Reads files whose readers a hostile file can keep busy for ever, or make take any amount of
// memory. A program of ours, imageserver-draw, reads them. Its process is ended when it takes too
// long or too much memory, or when nobody waits for it any more.

#ifndef IMAGESERVER_IMAGE_SANDBOX_DECODE_IN_SANDBOX_H_
#define IMAGESERVER_IMAGE_SANDBOX_DECODE_IN_SANDBOX_H_

#include <cstdint>
#include <stop_token>
#include <string>
#include <vips/vips8>

#include "base/bytes.h"
#include "image/plan/admit.h"
#include "image/plan/header.h"
#include "imageserver/error.h"

namespace imageserver {

// As read_header(). `program` is the path of imageserver-draw.
//
// kUnprocessable if the program refuses the file, crashes or is stopped by its limits; kCancelled
// soon after `stop` is requested; kInternal if it cannot be started. Its answer is checked. Blocks
// until the process is gone. Threads: any number at once, a process each.
//
// Nothing tells beforehand how long a file takes. So it has one second of processor time at first.
// `admit` is asked before the file is read again with the longest time that a file may have. If it
// says no, the result is cancelled(). All this holds below as well.
[[nodiscard]] Result<Header> read_header_in_sandbox(const std::string& program, const Bytes& source,
                                                    FileType type, int page,
                                                    const std::stop_token& stop,
                                                    const Admit& admit = {});

// As decode() of one page, but in memory, in sRGB or grey, and without metadata. kUnprocessable
// also if the picture is larger than the header and `scale` say. REQUIRES: `header` is that of the
// page.
[[nodiscard]] Result<vips::VImage> decode_in_sandbox(const std::string& program,
                                                     const Bytes& source, const Header& header,
                                                     int page, double scale,
                                                     const std::stop_token& stop,
                                                     const Admit& admit = {});

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_SANDBOX_DECODE_IN_SANDBOX_H_
