// The counters as `/stats` shows them. Threads: any.

#ifndef IMAGESERVER_HANDLERS_STATS_JSON_H_
#define IMAGESERVER_HANDLERS_STATS_JSON_H_

#include <string>

#include "groupcache/stats.h"

namespace imageserver {

// Names, order and tab indentation as the Go program's json.MarshalIndent gives them, with a line
// feed at the end.
[[nodiscard]] std::string stats_json(const Stats& stats);

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_STATS_JSON_H_
