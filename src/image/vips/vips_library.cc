#include "image/vips/vips_library.h"

#include <vips/vips.h>

#include <vips/vector.h>  // needs the one above

#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace imageserver {
namespace {

void allow_only(std::span<const char* const> names) {
  vips_operation_block_set("VipsForeignLoad", TRUE);
  vips_operation_block_set("VipsForeignSave", TRUE);
  for (const char* name : names) vips_operation_block_set(name, FALSE);
}

// Takes the messages of libvips, and those of GLib about what libvips asked of it. GLib ends the
// process behind a fatal one: mostly, as g_malloc() finds no memory.
void to_log(const char*, GLogLevelFlags level, const char* message, void* on_no_memory) {
  const bool is_fatal = (level & G_LOG_FLAG_FATAL) != 0;
  if (is_fatal && std::string_view(message).find("failed to allocate") != std::string_view::npos)
    return (*static_cast<std::function<void()>*>(on_no_memory))();
  log::debug("libvips: {}", message);
}

}  // namespace

VipsLibrary::VipsLibrary(std::span<const char* const> allowed, std::function<void()> on_no_memory)
    : on_no_memory_(std::move(on_no_memory)) {
  // First, as GLib writes to standard error by itself, and waits until somebody reads that.
  previous_handler_ = g_log_set_default_handler(to_log, &on_no_memory_);
  // liborc (0.4.33) makes code for libvips, which several renders allocate and free at once: now
  // and then that ends the process with SIGSEGV. Operations on numbers ask for it whether that is
  // enabled or not, so liborc has to refuse as well.
  g_setenv("ORC_CODE", "emulate", TRUE);
  if (VIPS_INIT("imageserver") != 0) {
    g_log_set_default_handler(previous_handler_, nullptr);
    throw std::runtime_error("libvips does not start");
  }
  vips_cache_set_max(0);
  vips_concurrency_set(1);
  vips_vector_set_enabled(FALSE);
  allow_only(allowed);
}

VipsLibrary::~VipsLibrary() {
  vips_shutdown();
  g_log_set_default_handler(previous_handler_, nullptr);
}

void VipsLibrary::thread_exit() { vips_thread_shutdown(); }

}  // namespace imageserver
