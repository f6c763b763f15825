// Serves the images of a folder on a free port until its input ends. Prints the port, on a line of
// its own.

#include <imageserver/in_threads.h>
#include <imageserver/server.h>

#include <iostream>
#include <string>

int main(int, char** argv) {
  imageserver::Options options;
  options.http = "127.0.0.1:0";
  options.sources = {{.value = argv[1]}};
  const auto server = imageserver::ImageServer::start(options, imageserver::in_threads());
  if (!server) {
    std::cerr << server.error().message << '\n';
    return 1;
  }
  std::cout << (*server)->port() << std::endl;
  for (std::string line; std::getline(std::cin, line);) continue;
  return 0;
}
