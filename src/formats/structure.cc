#include "formats/structure.h"

namespace imageserver {

bool is_sound(std::string_view bytes, FileType type, int max_scans) {
  const auto check = row_of(type).is_sound;
  return check == nullptr || check(bytes, max_scans);
}

std::optional<Bytes> with_end(std::string_view bytes, FileType type) {
  const auto repair = row_of(type).with_end;
  return repair == nullptr ? std::nullopt : repair(bytes);
}

std::optional<Bytes> readable(std::string_view bytes, FileType type) {
  const auto repair = row_of(type).readable;
  return repair == nullptr ? std::nullopt : repair(bytes);
}

bool has_sound_header(std::string_view bytes, FileType type) {
  const auto check = row_of(type).has_sound_header;
  return check == nullptr || check(bytes);
}

}  // namespace imageserver
