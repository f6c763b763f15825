// The file with the certificates that servers of originals are trusted by.

#ifndef IMAGESERVER_SOURCE_CA_FILE_H_
#define IMAGESERVER_SOURCE_CA_FILE_H_

#include <optional>
#include <string>

#include "imageserver/error.h"

namespace imageserver {

// The error, with a text for the operator, if the file cannot be read or holds no certificate in
// PEM: then no server could be asked safely. Blocks on the disk. Threads: any.
[[nodiscard]] std::optional<Error> check_ca_file(const std::string& path);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_CA_FILE_H_
