// The vectors in testdata/vectors, captured from the Go program.

#ifndef IMAGESERVER_TESTS_SUPPORT_VECTORS_H_
#define IMAGESERVER_TESTS_SUPPORT_VECTORS_H_

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace imageserver::testing {

inline nlohmann::json read_vectors(const std::string& name) {
  std::ifstream file(std::string(IMAGESERVER_TESTDATA "/vectors/") + name);
  return nlohmann::json::parse(file);
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_VECTORS_H_
