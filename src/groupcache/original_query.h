// The query for an original that a server has.

#ifndef IMAGESERVER_GROUPCACHE_ORIGINAL_QUERY_H_
#define IMAGESERVER_GROUPCACHE_ORIGINAL_QUERY_H_

#include <optional>
#include <string>

#include "base/clock.h"
#include "groupcache/loader.h"
#include "params/params.h"

namespace imageserver {

// Its only param is the source, which is the original's canonical name (source/sources.h): so is
// `spec.source`. Threads: any.
[[nodiscard]] QueryPtr original_query(std::string name, Query::From from, Deadline deadline);

// The name in such params; none if they are others. Threads: any.
[[nodiscard]] std::optional<std::string> original_name(const Params& params);

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_ORIGINAL_QUERY_H_
