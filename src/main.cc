#include <cstdio>
#include <exception>
#include <variant>

#include "imageserver/server.h"
#include "options/parse_options.h"

int main(int argc, char** argv) try {
  const auto parsed = imageserver::parse_options(argc, argv);
  if (const auto* exit = std::get_if<imageserver::EarlyExit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
    return exit->code;
  }
  return imageserver::run(std::get<imageserver::Options>(parsed));
} catch (const std::exception& exception) {
  std::fprintf(stderr, "imageserver: %s\n", exception.what());
  return 1;
}
