// From a command line to options.

#ifndef IMAGESERVER_OPTIONS_PARSE_OPTIONS_H_
#define IMAGESERVER_OPTIONS_PARSE_OPTIONS_H_

#include <string>
#include <variant>

#include "imageserver/options.h"

namespace imageserver {

// The program is done without having served: --help or --version (text for standard output, code 0)
// or a wrong flag (one line for standard error that names it, code 2). The text ends its last line.
struct EarlyExit {
  int code = 0;
  std::string text;
};

// Parses the command line as Go's flag package would: one dash or two, `=` or a space, the last of
// a repeated flag counts. Threads: any. Never throws and writes nothing.
[[nodiscard]] std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv);

}  // namespace imageserver

#endif  // IMAGESERVER_OPTIONS_PARSE_OPTIONS_H_
