#include "server/print_token.h"

#include <iostream>
#include <string>

#include "handlers/read_gate.h"
#include "peers/signature_gate.h"

namespace imageserver {
namespace {

Result<std::string> token_of(const Options& options) {
  if (options.groupcache_secret_file.empty()) {
    return Error{ErrorKind::kInvalidParam, "must be given: the token is made of the secret"};
  }
  const Result<std::string> secret = read_secret(options.groupcache_secret_file);
  if (secret.has_error()) return secret.error();
  return read_token(*secret);
}

}  // namespace

int print_token(const Options& options) {
  const Result<std::string> token = token_of(options);
  if (token.has_error()) {
    std::cerr << "imageserver: --groupcache-secret-file: " << token.error().message << '\n';
    return 2;
  }
  std::cout << *token << std::endl;
  if (std::cout.good()) return 0;
  std::cerr << "imageserver: the token could not be written\n";
  return 1;
}

}  // namespace imageserver
