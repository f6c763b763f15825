// What became of a purge, as its client is told. Threads: any.

#ifndef IMAGESERVER_HANDLERS_PURGE_JSON_H_
#define IMAGESERVER_HANDLERS_PURGE_JSON_H_

#include <string>

#include "handlers/purger.h"

namespace imageserver {

// `{"id":ID,"nodes":[{"node":NAME,"purged":true},{"node":NAME,"purged":false,"reason":WHY}],
// "note":TEXT}` and a line feed; without `note` where there is none. In texts U+FFFD stands for
// what is not UTF-8.
[[nodiscard]] std::string purge_json(const PurgeReport& report);

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_PURGE_JSON_H_
