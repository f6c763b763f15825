#include "formats/structure.h"

namespace imageserver {

bool is_sound(std::string_view bytes, FileType type, int max_scans) {
  const auto check = row_of(type).is_sound;
  return check == nullptr || check(bytes, max_scans);
}

bool has_sound_header(std::string_view bytes, FileType type) {
  const auto check = row_of(type).has_sound_header;
  return check == nullptr || check(bytes);
}

}  // namespace imageserver
