#include "server/draw_program.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace imageserver {

Result<std::string> find_draw_program() {
  std::error_code ignored;
  const auto running = std::filesystem::read_symlink("/proc/self/exe", ignored);
  for (const std::filesystem::path& folder :
       {running.parent_path(), std::filesystem::path(IMAGESERVER_PROGRAMS)}) {
    const auto path = folder / "imageserver-draw";
    if (path.is_absolute() && access(path.c_str(), X_OK) == 0) return path.string();
  }
  return Error{ErrorKind::kNotFound, "imageserver-draw is not beside the program"};
}

}  // namespace imageserver
