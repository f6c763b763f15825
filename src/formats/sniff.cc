#include "formats/sniff.h"

#include <algorithm>

namespace imageserver {
namespace {

bool has_beginning(const FormatRow& row) { return !row.beginnings.front().empty(); }

bool begins_so(const FormatRow& row, std::string_view bytes) {
  return std::ranges::any_of(row.beginnings, [bytes](std::string_view beginning) {
    return !beginning.empty() && bytes.starts_with(beginning);
  });
}

bool is_it(const FormatRow& row, std::string_view bytes) {
  return row.is_it == nullptr || row.is_it(bytes);
}

}  // namespace

std::optional<FileType> sniff(std::string_view bytes) {
  for (const FormatRow& row : format_rows()) {
    if (begins_so(row, bytes) && is_it(row, bytes)) return row.type;
  }
  for (const FormatRow& row : format_rows()) {
    if (!has_beginning(row) && is_it(row, bytes)) return row.type;
  }
  return std::nullopt;
}

}  // namespace imageserver
