#include "server/preset_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "base/unique_fd.h"

namespace imageserver {
namespace {

Error wrong(const std::string& path, const std::string& rule) {
  return {ErrorKind::kInvalidParam, path + ": " + rule};
}

Error unreadable(const std::string& path, int reason) {
  return wrong(path, "cannot be read: " + std::generic_category().message(reason));
}

// Does not wait where a pipe was put in the file's place.
Result<std::string> read_file(const std::string& path) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return unreadable(path, errno);
  std::string text;
  std::array<char, 16384> part{};
  while (true) {
    const ssize_t size = read(file.get(), part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return unreadable(path, errno);
    if (size == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(size));
    if (text.size() > kMaxPresetFile) return wrong(path, "must not be larger than 1 MiB");
  }
}

Result<std::shared_ptr<const Presets>> read_presets(const std::string& path) {
  const Result<std::string> text = read_file(path);
  if (text.has_error()) return text.error();
  Result<Presets> presets = Presets::parse(*text);
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
  const std::lock_guard lock(mutex_);
  return presets_;
}

void PresetFile::reload() {
  const std::lock_guard one_at_a_time(reloading_);
  auto presets = read_presets(path_);
  if (presets.has_error()) {
    log::error("--presets: {}; the old ones stay", presets.error().message);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    presets_.swap(*presets);
  }
  log::info("--presets: {} was read again", path_);
}

}  // namespace imageserver
