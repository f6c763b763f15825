// The program openssl.

#ifndef IMAGESERVER_TESTS_INTEGRATION_ORIGINS_OPENSSL_H_
#define IMAGESERVER_TESTS_INTEGRATION_ORIGINS_OPENSSL_H_

#include <string>
#include <vector>

namespace imageserver::testing {

// How it ends with these arguments: 0 if it has done what they say. What it complains of goes into
// `errors`.
[[nodiscard]] int openssl(std::vector<std::string> words, std::string& errors);

// Throws if it does not end well.
void run_openssl(const std::vector<std::string>& words);

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_ORIGINS_OPENSSL_H_
