#include "image/vips_library.h"

#include <vips/vips.h>

#include <vips/vector.h>  // needs the one above

#include <array>
#include <stdexcept>

#include "base/log.h"

namespace imageserver {
namespace {

constexpr std::array kAllowed = {
    "VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer",  "VipsForeignLoadNsgifBuffer",
    "VipsForeignLoadWebpBuffer", "VipsForeignSaveJpegBuffer", "VipsForeignSavePngBuffer",
    "VipsForeignSaveCgifBuffer", "VipsForeignSaveWebpBuffer",
};

void allow_only_our_formats() {
  vips_operation_block_set("VipsForeignLoad", TRUE);
  vips_operation_block_set("VipsForeignSave", TRUE);
  for (const char* name : kAllowed) vips_operation_block_set(name, FALSE);
}

constexpr const char* kLogDomain = "VIPS";

void to_log(const char*, GLogLevelFlags, const char* message, void*) {
  log::debug("libvips: {}", message);
}

}  // namespace

VipsLibrary::VipsLibrary() {
  if (VIPS_INIT("imageserver") != 0) throw std::runtime_error("libvips does not start");
  vips_cache_set_max(0);
  vips_concurrency_set(1);
  // Code that liborc makes for libvips is allocated and freed by several renders at once, which
  // liborc (0.4.33) does not survive for ever: now and then the process ends with SIGSEGV.
  vips_vector_set_enabled(FALSE);
  allow_only_our_formats();
  log_handler_ = g_log_set_handler(
      kLogDomain, static_cast<GLogLevelFlags>(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE), to_log,
      nullptr);
}

VipsLibrary::~VipsLibrary() {
  g_log_remove_handler(kLogDomain, log_handler_);
  vips_shutdown();
}

void VipsLibrary::thread_exit() { vips_thread_shutdown(); }

}  // namespace imageserver
