#include "params/preset_file.h"

#include <utility>

#include "base/log.h"
#include "base/read_file.h"
#include "params/parse_presets.h"

namespace imageserver {
namespace {

Error wrong(const std::string& path, const std::string& rule) {
  return {ErrorKind::kInvalidParam, path + ": " + rule};
}

Result<std::shared_ptr<const Presets>> read_presets(const std::string& path) {
  const Result<std::string> text = read_file(path, kMaxPresetFile);
  if (text.has_error()) return wrong(path, text.error().message);
  Result<Presets> presets = parse_presets(*text);
  if (presets.has_error()) return wrong(path, presets.error().message);
  return std::make_shared<const Presets>(*std::move(presets));
}

}  // namespace

Result<std::unique_ptr<PresetFile>> PresetFile::open(std::string path) {
  auto presets = read_presets(path);
  if (presets.has_error()) return presets.error();
  return std::unique_ptr<PresetFile>(new PresetFile(std::move(path), *std::move(presets)));
}

std::shared_ptr<const Presets> PresetFile::presets() const {
  const MutexLock lock(mutex_);
  return presets_;
}

void PresetFile::reload() {
  const MutexLock one_at_a_time(reloading_);
  auto presets = read_presets(path_);
  if (presets.has_error()) {
    log::error("--presets: {}; the old ones stay", presets.error().message);
    return;
  }
  {
    const MutexLock lock(mutex_);
    presets_.swap(*presets);
  }
  log::info("--presets: {} was read again", path_);
}

}  // namespace imageserver
