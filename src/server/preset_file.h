// The presets of `--presets=FILE`, as they are now.

#ifndef IMAGESERVER_SERVER_PRESET_FILE_H_
#define IMAGESERVER_SERVER_PRESET_FILE_H_

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

  // Never null, and never changes; a later one is another.
  [[nodiscard]] std::shared_ptr<const Presets> presets() const;

  // Reads the file again. What is wrong with it goes to the log, and the presets stay.
  void reload();

 private:
  using PresetsPtr = std::shared_ptr<const Presets>;

  PresetFile(std::string path, PresetsPtr presets)
      : path_(std::move(path)), presets_(std::move(presets)) {}

  const std::string path_;
  Mutex reloading_;  // held while the file is read, so that the latest reading has the last word
  mutable Mutex mutex_;
  PresetsPtr presets_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_PRESET_FILE_H_
