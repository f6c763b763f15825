#include "peers/purge_text.h"

#include "base/hash.h"
#include "base/text.h"

namespace imageserver {
namespace {

std::string proof(std::string_view of, std::string_view what, std::string_view secret) {
  if (secret.empty()) return {};
  return to_hex(hmac_sha256(secret, std::string(of).append(" ").append(what)));
}

std::string proof_of(const PurgeRecord& record, std::string_view secret) {
  return proof("purge", purge_hash(record), secret);
}

std::optional<PurgeRecord> read_purge(std::string_view told, std::string_view secret) {
  const std::size_t end = told.rfind(';');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view text = told.substr(0, end);
  const std::string_view proven = told.substr(end + 1);
  std::optional<PurgeRecord> record = parse_purge(text);
  if (!record || !same_in_constant_time(proven, proof_of(*record, secret))) return std::nullopt;
  return record;
}

}  // namespace

std::string tell_purges(const std::vector<PurgeRecord>& records, std::string_view secret) {
  std::string field;
  for (const PurgeRecord& record : records) {
    if (!field.empty()) field += ',';
    field.append(purge_text(record)).append(";").append(proof_of(record, secret));
  }
  return field;
}

std::optional<std::vector<PurgeRecord>> read_purges(std::string_view field,
                                                    std::string_view secret) {
  if (field.ends_with(',')) return std::nullopt;
  std::vector<PurgeRecord> records;
  while (!field.empty()) {
    std::optional<PurgeRecord> record = read_purge(take_until(field, ','), secret);
    if (!record || records.size() == kMostToldPurges) return std::nullopt;
    records.push_back(*std::move(record));
  }
  return records;
}

std::string tell_log(const PurgeLog::Contents& contents, std::string_view secret) {
  const std::string text = contents_text(contents);
  return text + proof("purges", text, secret) + '\n';
}

std::optional<PurgeLog::Contents> read_log(std::string_view text, std::string_view secret) {
  if (!text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  const std::size_t last_line = text.rfind('\n') + 1;
  const std::string_view contents = text.substr(0, last_line);
  if (!same_in_constant_time(text.substr(last_line), proof("purges", contents, secret))) {
    return std::nullopt;
  }
  return parse_contents(contents);
}

}  // namespace imageserver
