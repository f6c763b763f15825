// The directories, files and programs that the flags name. They must be there before anything
// starts.

#ifndef IMAGESERVER_SERVER_RESOURCES_H_
#define IMAGESERVER_SERVER_RESOURCES_H_

#include <memory>
#include <string>

#include "base/io_pool.h"
#include "http/byte_budget.h"
#include "imageserver/error.h"
#include "imageserver/options.h"
#include "params/preset_file.h"
#include "source/http_fetcher.h"
#include "source/sources.h"

namespace imageserver {

struct Resources {
  std::shared_ptr<ByteBudget>
      original_bytes;                    // of all originals that are fetched, in the cache or not
  std::unique_ptr<HttpFetcher> fetcher;  // null: no place is remote
  std::unique_ptr<Sources> sources;
  std::unique_ptr<Sources> watermarks;  // null: there are none
  std::unique_ptr<PresetFile> presets;  // null: there are none
  std::string secret;                   // empty: there is none
  std::string purge_token;              // empty: there is none
};

// Opens all that `options` names. The Error names the flag at fault. Blocks on the disk. Threads:
// any. REQUIRES: the pool does not run yet, and outlives the resources.
[[nodiscard]] Result<Resources> open_resources(const Options& options, IoPool& pool);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_RESOURCES_H_
