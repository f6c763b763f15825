// From the flags to the source of the peers' names. Threads: any.

#ifndef IMAGESERVER_SERVER_MAKE_DISCOVERY_H_
#define IMAGESERVER_SERVER_MAKE_DISCOVERY_H_

#include <memory>

#include "base/asio.h"
#include "imageserver/error.h"
#include "imageserver/options.h"
#include "membership/discovery.h"

namespace imageserver {

// Null where the flags name the peers themselves. kInvalidParam, naming the flag, for a value that
// is wrong. REQUIRES: the context outlives the discovery.
[[nodiscard]] Result<std::unique_ptr<Discovery>> make_discovery(const Options& options,
                                                                net::io_context& context);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_MAKE_DISCOVERY_H_
