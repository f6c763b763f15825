// imageserver-draw: reads one file of a kind whose readers are not to be trusted, for a server that
// started it (image/sandbox/protocol.h). It bounds what it may take before it looks at the file.

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vips/vips8>

#include "base/bytes.h"
#include "base/log.h"
#include "base/standard_descriptors.h"
#include "image/codec/allowed_operations.h"
#include "image/codec/decode.h"
#include "image/colour/to_srgb.h"
#include "image/plan/limits.h"
#include "image/sandbox/confine.h"
#include "image/sandbox/protocol.h"
#include "image/vips/vips_library.h"

#ifdef IMAGESERVER_DRAW_SANITIZED
// In place of a limit on addresses, of which sanitizers need more than any limit would leave.
extern "C" const char* __asan_default_options() {  // NOLINT
  return "hard_rss_limit_mb=2048:quarantine_size_mb=16:detect_leaks=0";
}
#endif

namespace imageserver {
namespace {

using vips::VImage;

#ifdef IMAGESERVER_DRAW_SANITIZED
constexpr Addresses kAddresses = Addresses::kUnlimited;
#else
constexpr Addresses kAddresses = Addresses::kLimited;
#endif

// REQUIRES: standard input is a file, read from its beginning.
Bytes read_original() {
  struct stat file{};
  if (fstat(STDIN_FILENO, &file) != 0 || check_bytes(static_cast<std::size_t>(file.st_size)))
    throw std::runtime_error("the file is too large");
  std::string bytes(static_cast<std::size_t>(file.st_size), '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t n = read(STDIN_FILENO, bytes.data() + size, bytes.size() - size);
    if (n == 0 || (n < 0 && errno != EINTR)) throw std::runtime_error("the file cannot be read");
    if (n > 0) size += static_cast<std::size_t>(n);
  }
  return Bytes::own(std::move(bytes));
}

// False if nobody reads it any more.
bool write_out(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

// Called by libvips with the rows in their order.
int write_rows(VipsRegion* region, VipsRect* rows, void*) {
  const std::size_t length = VIPS_REGION_SIZEOF_LINE(region);
  for (int y = rows->top; y < VIPS_RECT_BOTTOM(rows); ++y) {
    const auto* const row = reinterpret_cast<const char*>(VIPS_REGION_ADDR(region, 0, y));
    if (!write_out({row, length})) return -1;
  }
  return 0;
}

void answer_header(const Bytes& original, const DrawQuestion& question) {
  const Header header = read_header(original, question.type, question.page);
  const RealSize rounded{static_cast<double>(header.stored.width),
                         static_cast<double>(header.stored.height)};
  write_out(encode_answer(DrawnHeader{header.natural.value_or(rounded), header.pages,
                                      header.orientation, header.alpha}));
}

void answer_drawing(const Bytes& original, const DrawQuestion& question) {
  const Header header{.type = question.type, .stored = {}};
  const VImage image =
      to_srgb(decode(original, header, {question.page, 1}, question.drawing->scale));
  if (std::int64_t{image.width()} * image.height() > question.drawing->max_pixels)
    throw std::runtime_error("the drawing is too large");
  write_out(encode_answer(DrawnPixels{{image.width(), image.height()}, image.bands()}));
  if (vips_sink_disc(image.get_image(), write_rows, nullptr) != 0) throw vips::VError();
}

void answer(const DrawQuestion& question) {
  confine_process(question.cpu_seconds, kAddresses);
  const Bytes original = read_original();
  const VipsLibrary library(sandbox_operations(question.type));
  if (question.drawing) return answer_drawing(original, question);
  answer_header(original, question);
}

}  // namespace
}  // namespace imageserver

int main(int argc, char** argv) try {
  if (!imageserver::open_standard_descriptors()) return 1;
  imageserver::log::set_level(imageserver::log::level::off);  // standard output is the answer's
  const std::span<const char* const> arguments(argv + std::min(argc, 1), argv + argc);
  const auto question = imageserver::parse_question(arguments);
  if (!question) return 2;
  imageserver::answer(*question);
  return 0;
} catch (const std::exception&) {
  return 1;
}
