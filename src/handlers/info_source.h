// The interface that describes originals.

#ifndef IMAGESERVER_HANDLERS_INFO_SOURCE_H_
#define IMAGESERVER_HANDLERS_INFO_SOURCE_H_

#include <functional>
#include <stop_token>
#include <string>

#include "imageserver/error.h"

namespace imageserver {

// Threads: any, concurrently.
class InfoSource {
 public:
  virtual ~InfoSource() = default;

  // Starts to describe, as JSON, the original called `path`. `done` and errors are as
  // Loader::load's (groupcache/loader.h).
  virtual void load(const std::string& path, const std::stop_token& stop,
                    const std::function<void(Result<std::string>)>& done) = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_INFO_SOURCE_H_
