#include "image/vips/vips_library.h"

#include <vips/vips.h>

#include <vips/vector.h>  // needs the one above

#include <array>
#include <span>
#include <stdexcept>

#include "base/log.h"

namespace imageserver {
namespace {

constexpr std::array kAllowed = {
    "VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer",  "VipsForeignLoadNsgifBuffer",
    "VipsForeignLoadWebpBuffer", "VipsForeignLoadHeifBuffer", "VipsForeignLoadTiffBuffer",
    "VipsForeignSaveJpegBuffer", "VipsForeignSavePngBuffer",  "VipsForeignSaveCgifBuffer",
    "VipsForeignSaveWebpBuffer", "VipsForeignSaveHeifBuffer", "VipsForeignSaveTiffBuffer",
};

const char* loader_of(FileType type) {
  switch (type) {
    case FileType::kSvg:
      return "VipsForeignLoadSvgBuffer";
    case FileType::kPdf:
      return "VipsForeignLoadPdfBuffer";
    case FileType::kJxl:
      return "VipsForeignLoadJxlBuffer";
    default:
      throw std::runtime_error("read with all others");
  }
}

void allow_only(std::span<const char* const> names) {
  vips_operation_block_set("VipsForeignLoad", TRUE);
  vips_operation_block_set("VipsForeignSave", TRUE);
  for (const char* name : names) vips_operation_block_set(name, FALSE);
}

// Of libvips, and of GLib about what libvips asked of it.
void to_log(const char*, GLogLevelFlags, const char* message, void*) {
  log::debug("libvips: {}", message);
}

}  // namespace

VipsLibrary::VipsLibrary(std::span<const char* const> allowed) {
  if (VIPS_INIT("imageserver") != 0) throw std::runtime_error("libvips does not start");
  vips_cache_set_max(0);
  vips_concurrency_set(1);
  // Code that liborc makes for libvips is allocated and freed by several renders at once, which
  // liborc (0.4.33) does not survive for ever: now and then the process ends with SIGSEGV.
  vips_vector_set_enabled(FALSE);
  allow_only(allowed);
  previous_handler_ = g_log_set_default_handler(to_log, nullptr);
}

VipsLibrary::VipsLibrary() : VipsLibrary(std::span(kAllowed)) {}

VipsLibrary::VipsLibrary(FileType alone) : VipsLibrary(std::array{loader_of(alone)}) {}

VipsLibrary::~VipsLibrary() {
  g_log_set_default_handler(previous_handler_, nullptr);
  vips_shutdown();
}

void VipsLibrary::thread_exit() { vips_thread_shutdown(); }

}  // namespace imageserver
