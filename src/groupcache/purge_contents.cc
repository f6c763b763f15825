#include "groupcache/purge_contents.h"

#include <tuple>

#include "base/text.h"

namespace imageserver {

std::string contents_text(const PurgeContents& contents) {
  std::string text = floor_text(contents.floor) + '\n';
  for (const PurgeRecord& record : contents.records) text.append(purge_text(record)).append("\n");
  return text;
}

std::optional<PurgeContents> parse_contents(std::string_view text) {
  if (text.size() > kMostContentsBytes || !text.ends_with('\n')) return std::nullopt;
  std::optional<PurgeFloor> floor = parse_floor(take_until(text, '\n'));
  if (!floor) return std::nullopt;
  PurgeContents contents;
  HybridTime last_stamp = floor->stamp;
  std::string_view last_line;
  while (!text.empty()) {
    const std::string_view line = take_until(text, '\n');
    std::optional<PurgeRecord> record = parse_purge(line);
    if (!record || contents.records.size() == kMostContentsRecords) return std::nullopt;
    if (record->stamp <= floor->stamp) return std::nullopt;
    if (std::tie(record->stamp, line) <= std::tie(last_stamp, last_line)) return std::nullopt;
    last_stamp = record->stamp;
    last_line = line;
    contents.records.push_back(*std::move(record));
  }
  contents.floor = *std::move(floor);
  return contents;
}

}  // namespace imageserver
