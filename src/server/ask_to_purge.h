// The command `imageserver purge`.

#ifndef IMAGESERVER_SERVER_ASK_TO_PURGE_H_
#define IMAGESERVER_SERVER_ASK_TO_PURGE_H_

#include <string_view>
#include <vector>

#include "imageserver/options.h"

namespace imageserver {

// Asks the server that was started with such options to purge what the words say: a path, perhaps
// with `soft` in front. Prints its answer on standard output. Returns the exit code: 0 if all nodes
// have purged; 1 if not, and 2 if the words or options are wrong, each after a line on standard
// error. Blocks.
[[nodiscard]] int ask_to_purge(const std::vector<std::string_view>& words, const Options& options);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_ASK_TO_PURGE_H_
