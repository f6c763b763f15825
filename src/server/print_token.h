// The command `imageserver token`.

#ifndef IMAGESERVER_SERVER_PRINT_TOKEN_H_
#define IMAGESERVER_SERVER_PRINT_TOKEN_H_

#include "imageserver/options.h"

namespace imageserver {

// Prints the token of the secret that Options::groupcache_secret_file holds (handlers/read_gate.h)
// on standard output. Returns the exit code: 0, or 2 after one line on standard error if there is
// no such file, or no secret in it.
[[nodiscard]] int print_token(const Options& options);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_PRINT_TOKEN_H_
