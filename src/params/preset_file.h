// The presets of `--presets=FILE`, which can be read again while requests use them.

#ifndef IMAGESERVER_PARAMS_PRESET_FILE_H_
#define IMAGESERVER_PARAMS_PRESET_FILE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "base/mutex.h"
#include "imageserver/error.h"
#include "params/presets.h"

namespace imageserver {

inline constexpr std::size_t kMaxPresetFile = std::size_t{1} << 20U;

// Threads: any, concurrently.
class PresetFile {
 public:
  // Reads the file. kInvalidParam, naming the file and, where it is one, the line at fault, if it
  // cannot be read, is larger than kMaxPresetFile, or holds what is no preset. Blocks on the disk,
  // as does reload().
  [[nodiscard]] static Result<std::unique_ptr<PresetFile>> open(std::string path);

  // The presets that were read last; never null. They never change: reload() makes new ones.
  [[nodiscard]] std::shared_ptr<const Presets> presets() const;

  // Reads the file again. If anything is wrong with it, logs that, and the old presets stay.
  void reload();

 private:
  using PresetsPtr = std::shared_ptr<const Presets>;

  PresetFile(std::string path, PresetsPtr presets)
      : path_(std::move(path)), presets_(std::move(presets)) {}

  const std::string path_;
  Mutex reloading_;  // held for a whole reload, so that the reload that began last wins
  mutable Mutex mutex_;
  PresetsPtr presets_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PRESET_FILE_H_
