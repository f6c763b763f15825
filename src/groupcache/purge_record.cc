#include "groupcache/purge_record.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/text.h"
#include "params/percent.h"

namespace imageserver {
namespace {

using Kind = PurgeRecord::Kind;

constexpr std::size_t kMostId = 64;
constexpr std::size_t kMostText = kMostPurgeBytes + 256;  // more than any has
constexpr std::string_view kHard = "hard";
constexpr std::string_view kSoft = "soft";

// In the order of the enum.
constexpr std::array<std::string_view, 3> kKinds = {"source", "prefix", "all"};

std::string encoded(const std::string& value) {
  return percent_encode(value, [](char c) { return c == '/' || is_unreserved(c); });
}

bool is_few_enough(Kind kind, std::size_t values) {
  if (kind == Kind::kAll) return values == 0;
  return values > 0 && values <= (kind == Kind::kSource ? 1 : kMostPurgePrefixes);
}

bool is_value(Kind kind, const std::string& value) {
  return !value.empty() && (kind == Kind::kSource || !value.ends_with('/'));
}

std::optional<Kind> parse_kind(std::string_view text) {
  const auto* const found = std::ranges::find(kKinds, text);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<Kind>(found - kKinds.begin());
}

bool has_beginning(std::string_view name, std::string_view beginning) {
  if (!name.starts_with(beginning)) return false;
  return name.size() == beginning.size() || name[beginning.size()] == '/';
}

}  // namespace

bool is_purge_id(std::string_view text) {
  return !text.empty() && text.size() <= kMostId && std::ranges::all_of(text, [](char c) {
    return is_ascii_letter(c) || is_ascii_digit(c) || c == '-' || c == '_';
  });
}

bool is_purge(const PurgeRecord& record) {
  if (!is_purge_id(record.id) || !is_few_enough(record.kind, record.values.size())) return false;
  std::size_t bytes = 0;
  for (const std::string& value : record.values) {
    if (!is_value(record.kind, value)) return false;
    bytes += encoded(value).size();
  }
  return bytes <= kMostPurgeBytes;
}

std::string purge_text(const PurgeRecord& record) {
  std::string text = record.id + ';' + time_text(record.stamp) + ';';
  text.append(record.is_soft ? kSoft : kHard).append(";");
  text.append(kKinds.at(static_cast<std::size_t>(record.kind)));
  for (const std::string& value : record.values) text.append(";").append(encoded(value));
  return text;
}

std::optional<PurgeRecord> parse_purge(std::string_view text) {
  if (text.size() > kMostText) return std::nullopt;
  std::string_view rest = text;
  PurgeRecord record;
  record.id = take_until(rest, ';');
  const std::optional<HybridTime> stamp = parse_time(take_until(rest, ';'));
  record.is_soft = take_until(rest, ';') == kSoft;
  const std::optional<Kind> kind = parse_kind(take_until(rest, ';'));
  if (!stamp || !kind) return std::nullopt;
  record.stamp = *stamp;
  record.kind = *kind;
  while (!rest.empty()) {
    std::optional<std::string> value = percent_decode(take_until(rest, ';'), Plus::kIsPlus);
    if (!value) return std::nullopt;
    record.values.push_back(*std::move(value));
  }
  if (!is_purge(record) || purge_text(record) != text) return std::nullopt;
  return record;
}

std::string purge_hash(const PurgeRecord& record) { return to_hex(sha256(purge_text(record))); }

bool reaches(const PurgeRecord& record, std::string_view name) {
  switch (record.kind) {
    case Kind::kSource:
      return record.values.front() == name;
    case Kind::kPrefix:
      return std::ranges::any_of(record.values, [name](const std::string& beginning) {
        return has_beginning(name, beginning);
      });
    case Kind::kAll:
      return true;
  }
  return true;
}

}  // namespace imageserver
