#include "source/origin_headers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/read_file.h"
#include "base/text.h"
#include "http/token.h"

namespace imageserver {
namespace {

constexpr std::string_view kBlanks = " \t\r";

// Who asks decides on these, and so does the connection.
constexpr auto kOurs = std::to_array<std::string_view>({
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
});
constexpr std::string_view kOfProxies = "proxy-";

Error wrong(std::string rule) { return {ErrorKind::kInvalidParam, std::move(rule)}; }

// As a PrefixRule has it. None if paths do not begin so.
std::optional<std::string> parse_prefix(std::string_view text) {
  if (!text.starts_with('/')) return std::nullopt;
  if (text.size() > 2 && text.ends_with('/')) text.remove_suffix(1);
  if (text != "/" && !is_plain_path(text.substr(1))) return std::nullopt;
  return std::string(text);
}

bool is_ours(std::string_view name) {
  const std::string lower = ascii_lower(name);
  return lower.starts_with(kOfProxies) || std::ranges::find(kOurs, lower) != kOurs.end();
}

bool is_value(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < ' ' || byte == 0x7f;
  });
}

bool has_name(const std::vector<std::string>& lines, std::string_view name) {
  return std::ranges::any_of(
      lines, [&](const std::string& line) { return same_word(cut(line, ':').first, name); });
}

std::optional<Error> read_field(std::string_view field, std::vector<std::string>& lines) {
  const auto [name, rest] = cut(field, ':');
  if (name.size() == field.size()) return wrong("must be PREFIX Name: value");
  if (!is_token(name)) return wrong("the name must be a token of HTTP");
  if (is_ours(name)) return wrong("the name must be none that belongs to the connection or to us");
  if (has_name(lines, name)) return wrong("the name is given twice for the prefix");
  const std::string_view value = trimmed(rest, kBlanks);
  if (!is_value(value)) return wrong("the value must not be empty, and have no control character");
  lines.push_back(std::string(name).append(": ").append(value));
  return std::nullopt;
}

std::optional<Error> read_line(std::string_view line, OriginHeaders& headers) {
  if (line.empty() || line.starts_with('#')) return std::nullopt;
  const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
  std::optional<std::string> prefix = parse_prefix(line.substr(0, end));
  if (!prefix) return wrong("must begin with the prefix of a source, such as /photos");
  return read_field(trimmed(line.substr(end), kBlanks), headers[*std::move(prefix)]);
}

}  // namespace

Result<OriginHeaders> parse_origin_headers(std::string_view text) {
  if (text.size() > kMaxOriginHeaders) return wrong("must not be larger than 64 KiB");
  OriginHeaders headers;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = trimmed(take_until(text, '\n'), kBlanks);
    if (const std::optional<Error> error = read_line(line, headers)) {
      return wrong("line " + std::to_string(number) + ": " + error->message);
    }
  }
  return headers;
}

Result<OriginHeaders> read_origin_headers(const std::string& path) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
  const Result<std::string> text = read_file(path, kMostBytes);
  if (text.has_error()) return wrong(text.error().message);
  return parse_origin_headers(*text);
}

}  // namespace imageserver
