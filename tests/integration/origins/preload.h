// Libraries that are loaded into nodes before all others, so that these find another world.

#ifndef IMAGESERVER_TESTS_INTEGRATION_ORIGINS_PRELOAD_H_
#define IMAGESERVER_TESTS_INTEGRATION_ORIGINS_PRELOAD_H_

#include <cstdlib>
#include <map>
#include <string>
#include <utility>

namespace imageserver::testing {

// Processes that are started while it lives have the library, and the variables that it reads. One
// at a time. Threads: one, while no other one reads the environment.
class Preload {
 public:
  using Variables = std::map<std::string, std::string>;

  Preload(const std::string& library, Variables variables) : variables_(std::move(variables)) {
    // A sanitizer complains of a library that comes before its own.
    variables_["ASAN_OPTIONS"] = "verify_asan_link_order=0";
    variables_["LD_PRELOAD"] = library;
    for (const auto& [name, value] : variables_) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Preload() {
    for (const auto& [name, value] : variables_) unsetenv(name.c_str());
  }

  Preload(const Preload&) = delete;
  Preload& operator=(const Preload&) = delete;

 private:
  Variables variables_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_ORIGINS_PRELOAD_H_
