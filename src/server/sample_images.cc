#include "server/sample_images.h"

#include <system_error>

namespace imageserver {

std::filesystem::path sample_images() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  auto installed = program.parent_path().parent_path() / IMAGESERVER_INSTALLED_SAMPLES;
  if (!error && std::filesystem::is_directory(installed, error)) return installed;
  return IMAGESERVER_SOURCE_SAMPLES;
}

}  // namespace imageserver
