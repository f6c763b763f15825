// Any text as a purge, and as the contents of another node's log.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "check.h"
#include "groupcache/purge_log.h"

namespace imageserver::fuzz {
namespace {

HybridTime latest_of(const PurgeContents& contents) {
  HybridTime latest = contents.floor.stamp;
  if (!contents.records.empty()) latest = contents.records.back().stamp;
  if (contents.floor.doubts.all().empty()) return latest;
  return std::max(latest, contents.floor.doubts.all().back().stamp);
}

void run_purge(std::string_view text) {
  const std::optional<PurgeRecord> record = parse_purge(text);
  if (!record) return;
  check(is_purge(*record), "what is read is a purge");
  check(purge_text(*record) == text, "a purge has one spelling");
  for (const std::string& value : record->values) check(reaches(*record, value), "it reaches that");
}

void run_contents(std::string_view text) {
  const std::optional<PurgeContents> contents = parse_contents(text);
  if (!contents) return;
  check(contents_text(*contents) == text, "contents have one spelling");
  HybridClock clock;
  if (!clock.learn(latest_of(*contents))) return;
  PurgeLog log(clock, {.records = 8});
  const PurgeLog::Merged merged = log.merge(*contents);
  check(!merged.is_refused && merged.ahead == 0, "nothing is later than the latest");
  check(merged.taken == contents->records.size(), "all are new");
  for (const PurgeRecord& record : contents->records) {
    for (const std::string& value : record.values) {
      check(log.reach(value).last() > 0, "none is lost");
    }
  }
  const PurgeContents held = log.contents();
  check(parse_contents(contents_text(held)) == held, "contents are read as they were written");
  check(log.merge(held) == PurgeLog::Merged(), "a log has nothing new for itself");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run_purge(imageserver::fuzz::as_text(data, size));
  imageserver::fuzz::run_contents(imageserver::fuzz::as_text(data, size));
  return 0;
}
