#include "peers/purge_talk.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "http/error_response.h"
#include "peers/purge_text.h"
#include "peers/wire/protocol.h"

namespace imageserver {
namespace {

// The most bytes of purges in the head of a fetch. What does not fit has such long names that it is
// left to the exchange of logs.
constexpr std::size_t kMostInHead = 6U << 10U;

std::string line(std::string_view name, std::string_view value) {
  return std::string(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string PurgeTalk::fields() const { return fields_saying(terms_.log.digest()); }

std::string PurgeTalk::fields_saying(std::string_view digest) const {
  return line(kFromField, terms_.self) + line(kPurgesField, digest);
}

PurgeTalk::Told PurgeTalk::tell(const Query& query, std::string_view said) const {
  Told told{.fields = {}, .digest = terms_.log.digest()};
  told.fields = fields_saying(told.digest);
  if (terms_.log.position() == 0 || said == told.digest) return told;
  std::vector<PurgeRecord> records;
  for (const std::string& name : terms_.names_of(query)) {
    auto [reaching, are_all] = terms_.log.reaching(name, kMostToldPurges);
    told.is_all = told.is_all && are_all;
    std::ranges::move(reaching, std::back_inserter(records));
  }
  if (records.empty()) return told;
  told.is_all = told.is_all && records.size() <= kMostToldPurges;
  records.resize(std::min(records.size(), kMostToldPurges));
  const std::string value = tell_purges(records, terms_.secret);
  told.is_all = told.is_all && value.size() <= kMostInHead;
  if (value.size() <= kMostInHead) told.fields += line(kPurgeField, value);
  return told;
}

std::string PurgeTalk::fields_with(const PurgeRecord& record) const {
  return fields() + line(kPurgeField, tell_purges({record}, terms_.secret));
}

bool PurgeTalk::differs(std::string_view digest) const {
  return !digest.empty() && digest != terms_.log.digest();
}

Result<void> PurgeTalk::hear(const Request& request) const {
  const auto records = read_purges(request.header(kPurgeField), terms_.secret);
  if (!records) return Error{ErrorKind::kForbidden, "a purge is not proven"};
  for (const PurgeRecord& record : *records) {
    if (terms_.log.take(record) == PurgeLog::Taken::kAhead) warn_of_time();
  }
  return {};
}

// At most once a minute.
void PurgeTalk::warn_of_time() const {
  constexpr std::int64_t kSilence = 60;
  const std::int64_t now = seconds_since_1970();
  std::int64_t last = warned_;
  if (now - last < kSilence || !warned_.compare_exchange_strong(last, now)) return;
  log::warn(
      "purges of another node were refused: their time is more than a day ahead of this node's "
      "clock");
}

bool PurgeTalk::holds_all_of(const Request& request) const {
  const auto records = read_purges(request.header(kPurgeField), terms_.secret);
  return records && std::ranges::all_of(*records, [this](const PurgeRecord& record) {
           return terms_.log.find(record.id).has_value();
         });
}

Response PurgeTalk::answer(std::string_view key, const Request& request) const {
  Response response;
  response.add_field("Content-Type", "text/plain; charset=utf-8");
  if (key == kPurgeKey) {
    if (!holds_all_of(request)) {
      return text_response(409, "its time is too far ahead, or before all that is remembered");
    }
    response.body = Bytes::own("taken\n");
    return response;
  }
  if (key != kPurgeLogKey) return error_response({ErrorKind::kNotFound, "no such key"});
  if (request.header(kPurgesField) == terms_.log.digest()) {
    response.status = 304;
    return response;
  }
  response.body = Bytes::own(tell_log(terms_.log.contents(), terms_.secret));
  return response;
}

Result<void> PurgeTalk::take_log(std::string_view body) const {
  const auto contents = read_log(body, terms_.secret);
  if (!contents) return Error{ErrorKind::kPeer, "its purges are not proven"};
  const PurgeLog::Merged merged = terms_.log.merge(*contents);
  if (!merged.is_refused && merged.ahead == 0) return {};
  warn_of_time();
  return Error{ErrorKind::kPeer, "its purges are from too far ahead in time"};
}

}  // namespace imageserver
