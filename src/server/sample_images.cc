#include "server/sample_images.h"

#include <system_error>

namespace imageserver {

std::filesystem::path sample_images() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  auto beside = program.parent_path().parent_path() / IMAGESERVER_SAMPLES;
  if (!error && std::filesystem::is_directory(beside, error)) return beside;
  return IMAGESERVER_INSTALLED_SAMPLES;
}

}  // namespace imageserver
