// Preloaded into a process (LD_PRELOAD), it has the process find another folder where it looks for
// one by name. The environment says which:
//
//   IMAGESERVER_FAKE_FOLDER  `FOLDER=OTHER`: whose path begins with the first is looked for in the
//                            second, by fopen() and stat() alone; both without a slash at the end

#include <dlfcn.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

struct Folders {
  std::string from;
  std::string to;
};

Folders folders() {
  const char* const text = std::getenv("IMAGESERVER_FAKE_FOLDER");
  const std::string word = text == nullptr ? "" : text;
  const auto equals = word.find('=');
  if (equals == std::string::npos) return {};
  return {.from = word.substr(0, equals) + '/', .to = word.substr(equals + 1) + '/'};
}

std::string led(std::string_view path) {
  static const Folders known = folders();
  if (known.from.empty() || !path.starts_with(known.from)) return std::string(path);
  return known.to + std::string(path.substr(known.from.size()));
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

FILE* fopen(const char* path, const char* mode) {
  static auto* const open = real<decltype(fopen)>("fopen");
  return open(led(path).c_str(), mode);
}

FILE* fopen64(const char* path, const char* mode) {
  static auto* const open = real<decltype(fopen64)>("fopen64");
  return open(led(path).c_str(), mode);
}

int stat(const char* path, struct stat* status) noexcept {
  static auto* const look = real<decltype(stat)>("stat");
  return look(led(path).c_str(), status);
}
}
