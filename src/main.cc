#include <cstdio>
#include <exception>
#include <string>
#include <variant>

#include "base/log.h"
#include "base/standard_descriptors.h"
#include "imageserver/server.h"
#include "options/command.h"
#include "options/parse_options.h"
#include "server/ask_to_purge.h"
#include "server/print_token.h"

namespace {

int run(const imageserver::CommandLine& line, const imageserver::Options& options) {
  switch (line.command) {
    case imageserver::Command::kServe:
      return imageserver::run(options);
    case imageserver::Command::kToken:
      return imageserver::print_token(options);
    case imageserver::Command::kPurge:
      return imageserver::ask_to_purge(line.words, options);
  }
  return 1;
}

}  // namespace

int main(int argc, char** argv) try {
  if (!imageserver::open_standard_descriptors()) return 1;
  const auto line = imageserver::take_command(argc, argv);
  const auto parsed = imageserver::parse_options(line.argc, line.argv);
  if (const auto* exit = std::get_if<imageserver::EarlyExit>(&parsed)) {
    if (exit->code == 0) {
      std::fputs(exit->text.c_str(), stdout);
    } else {
      imageserver::say_on_stderr(exit->text);
    }
    return exit->code;
  }
  return run(line, std::get<imageserver::Options>(parsed));
} catch (const std::exception& exception) {
  imageserver::say_on_stderr("imageserver: " + std::string(exception.what()) + '\n');
  return 1;
}
