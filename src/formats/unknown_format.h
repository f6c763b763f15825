// The error for bytes that begin like no format that is read.

#ifndef IMAGESERVER_FORMATS_UNKNOWN_FORMAT_H_
#define IMAGESERVER_FORMATS_UNKNOWN_FORMAT_H_

#include "imageserver/error.h"
#include "imageserver/untrusted_formats.h"

namespace imageserver {

// kUnprocessable, with the names of all formats that are read. Threads: any.
[[nodiscard]] Error unknown_format(const UntrustedFormats& untrusted);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_UNKNOWN_FORMAT_H_
