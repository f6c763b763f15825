// Purges as nodes tell each other of them: each with a proof that it comes from a node of the ring.
// Threads: free functions, callable from any.

#ifndef IMAGESERVER_PEERS_PURGE_TEXT_H_
#define IMAGESERVER_PEERS_PURGE_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "groupcache/purge_log.h"
#include "groupcache/purge_record.h"

namespace imageserver {

// The most records that a field tells of.
inline constexpr std::size_t kMostToldPurges = 32;

// The records as the value of a field: of each its text, a semicolon, and in hex the HMAC-SHA256 of
// "purge " and its hash (purge_hash), with the secret as its key; a comma between each two. Without
// a secret nothing stands behind the semicolon.
[[nodiscard]] std::string tell_purges(const std::vector<PurgeRecord>& records,
                                      std::string_view secret);

// None if one of them is no record, or not proven, or there are too many. Without a secret nothing
// is proven, and only texts without a proof are taken.
[[nodiscard]] std::optional<std::vector<PurgeRecord>> read_purges(std::string_view field,
                                                                  std::string_view secret);

// A whole log: contents_text(), and behind it a line with the HMAC-SHA256 of "purges " and that
// text, in hex; empty without a secret.
[[nodiscard]] std::string tell_log(const PurgeLog::Contents& contents, std::string_view secret);

// None if it is no log, or not proven.
[[nodiscard]] std::optional<PurgeLog::Contents> read_log(std::string_view text,
                                                         std::string_view secret);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PURGE_TEXT_H_
