#include <cstdio>
#include <exception>
#include <variant>

#include "base/standard_descriptors.h"
#include "imageserver/server.h"
#include "options/command.h"
#include "options/parse_options.h"
#include "server/print_token.h"

namespace {

int run(imageserver::Command command, const imageserver::Options& options) {
  switch (command) {
    case imageserver::Command::kServe:
      return imageserver::run(options);
    case imageserver::Command::kToken:
      return imageserver::print_token(options);
  }
  return 1;
}

}  // namespace

int main(int argc, char** argv) try {
  if (!imageserver::open_standard_descriptors()) return 1;
  const auto line = imageserver::take_command(argc, argv);
  const auto parsed = imageserver::parse_options(line.argc, line.argv);
  if (const auto* exit = std::get_if<imageserver::EarlyExit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
    return exit->code;
  }
  return run(line.command, std::get<imageserver::Options>(parsed));
} catch (const std::exception& exception) {
  std::fprintf(stderr, "imageserver: %s\n", exception.what());
  return 1;
}
