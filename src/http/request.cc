#include "http/request.h"

namespace imageserver {

bool same_field_name(std::string_view a, std::string_view b) { return same_word(a, b); }

std::string_view Request::header(std::string_view name) const {
  for (const Field& field : fields_) {
    if (same_field_name(field.name, name)) return field.value;
  }
  return {};
}

}  // namespace imageserver
