// The directories, files and programs that the flags name. They must be there before anything
// starts.

#ifndef IMAGESERVER_SERVER_RESOURCES_H_
#define IMAGESERVER_SERVER_RESOURCES_H_

#include <memory>
#include <string>

#include "imageserver/error.h"
#include "imageserver/options.h"
#include "params/preset_file.h"
#include "source/source.h"

namespace imageserver {

struct Resources {
  std::unique_ptr<Source> source;
  std::unique_ptr<Source> watermarks;   // null: there are none
  std::unique_ptr<PresetFile> presets;  // null: there are none
  std::string secret;                   // empty: there is none
};

// Opens all that `options` names. The Error names the flag at fault. Blocks on the disk. Threads:
// any.
[[nodiscard]] Result<Resources> open_resources(const Options& options);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_RESOURCES_H_
