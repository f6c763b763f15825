#include "params/invalid_param.h"

#include <string>

#include "base/printable.h"

namespace imageserver {
namespace {

constexpr std::size_t kMaxShown = 64;

}  // namespace

Error invalid_param(std::string_view name, std::string_view rule) {
  return {ErrorKind::kInvalidParam,
          "invalid param \"" + printable(name, kMaxShown) + "\": " + std::string(rule)};
}

}  // namespace imageserver
