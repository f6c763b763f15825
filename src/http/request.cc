#include "http/request.h"

#include <algorithm>

namespace imageserver {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool same_field_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view Request::header(std::string_view name) const {
  for (const Field& field : fields_) {
    if (same_field_name(field.name, name)) return field.value;
  }
  return {};
}

}  // namespace imageserver
