// Files of header fields for origins.

#include "source/origin_headers.h"

#include <algorithm>
#include <string_view>

#include "check.h"

namespace imageserver::fuzz {
namespace {

bool is_one_line(std::string_view line) {
  return std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

void run(std::string_view input) {
  const Result<OriginHeaders> headers = parse_origin_headers(input);
  if (headers.has_error()) return;
  std::string text;
  for (const auto& [prefix, lines] : *headers) {
    check(prefix.starts_with('/'), "a prefix begins with a slash");
    for (const std::string& line : lines) {
      check(is_one_line(line) && line.find(": ") != std::string::npos, "a line is one field");
      text.append(prefix).append(" ").append(line).append("\n");
    }
  }
  const Result<OriginHeaders> again = parse_origin_headers(text);
  check(text.size() > kMaxOriginHeaders || (again.has_value() && *again == *headers),
        "what was read is read again");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
