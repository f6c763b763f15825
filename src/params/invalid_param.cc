#include "params/invalid_param.h"

#include <algorithm>
#include <string>

namespace imageserver {
namespace {

constexpr std::size_t kMaxShown = 64;

std::string printable(std::string_view name) {
  std::string shown(name.substr(0, kMaxShown));
  std::ranges::replace_if(
      shown, [](char byte) { return byte < ' ' || byte > '~' || byte == '"'; }, '?');
  return shown;
}

}  // namespace

Error invalid_param(std::string_view name, std::string_view rule) {
  return {ErrorKind::kInvalidParam,
          "invalid param \"" + printable(name) + "\": " + std::string(rule)};
}

}  // namespace imageserver
