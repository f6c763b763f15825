#include "integration/origins/openssl.h"

#include <stdexcept>

#include "support/process.h"

namespace imageserver::testing {

int openssl(std::vector<std::string> words, std::string& errors) {
  words.insert(words.begin(), IMAGESERVER_OPENSSL);
  Process process(words);
  const int code = process.wait();
  errors = process.errors();
  return code;
}

void run_openssl(const std::vector<std::string>& words) {
  std::string errors;
  if (openssl(words, errors) != 0) throw std::runtime_error("openssl: " + errors);
}

}  // namespace imageserver::testing
