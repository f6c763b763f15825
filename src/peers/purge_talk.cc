#include "peers/purge_talk.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

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

std::string PurgeTalk::fields_for(const Query& query, std::string_view digest) const {
  if (terms_.log.position() == 0) return fields_saying(digest);
  std::vector<PurgeRecord> records;
  for (const std::string& name : terms_.names_of(query)) {
    std::ranges::move(terms_.log.newest(name), std::back_inserter(records));
  }
  if (records.size() > kMostToldPurges) records.resize(kMostToldPurges);
  const std::string told = tell_purges(records, terms_.secret);
  if (told.empty() || told.size() > kMostInHead) return fields_saying(digest);
  return fields_saying(digest) + line(kPurgeField, told);
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
    if (const Result<void> taken = take(record); taken.has_error()) return taken;
  }
  return {};
}

Result<void> PurgeTalk::take(const PurgeRecord& record) const {
  if (terms_.log.take(record) != PurgeLog::Taken::kAhead) return {};
  log::warn("refused the purge {}: its time is more than a day ahead of this node's clock",
            record.id);
  return Error{ErrorKind::kBadRequest, "the purge's time is more than a day ahead"};
}

Response PurgeTalk::answer(std::string_view key, const Request& request) const {
  Response response;
  response.add_field("Content-Type", "text/plain; charset=utf-8");
  if (key == kPurgeKey) {
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

bool PurgeTalk::take_log(std::string_view body) const {
  const auto contents = read_log(body, terms_.secret);
  if (!contents) return false;
  terms_.log.merge(*contents);
  return true;
}

}  // namespace imageserver
