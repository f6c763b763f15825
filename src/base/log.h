// The log: one line an event, on standard error. Libraries' error texts, paths and addresses go
// here and never to a client.

#ifndef IMAGESERVER_BASE_LOG_H_
#define IMAGESERVER_BASE_LOG_H_

#include <spdlog/spdlog.h>

#include <string_view>

namespace imageserver {

namespace log = spdlog;

// Sends the log to standard error. `level` is one of trace, debug, info, warning, error, critical,
// off. Call once, before threads start.
void init_log(std::string_view level);

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_LOG_H_
