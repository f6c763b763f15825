// The server as an embedder has it who renders in threads: the same flags, and no other processes.

#include <variant>

#include "imageserver/in_threads.h"
#include "imageserver/server.h"
#include "options/parse_options.h"

int main(int argc, char** argv) {
  const auto parsed = imageserver::parse_options(argc, argv);
  const auto* const options = std::get_if<imageserver::Options>(&parsed);
  return options == nullptr ? 2 : imageserver::run(*options, imageserver::in_threads());
}
