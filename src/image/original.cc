#include "image/original.h"

#include <optional>
#include <string>

#include "base/cancelled.h"
#include "formats/format.h"
#include "formats/structure.h"
#include "formats/unknown_format.h"
#include "image/codec/decode.h"
#include "image/plan/limits.h"
#include "image/plan/pages.h"
#include "image/plan/result_format.h"
#include "image/vips/guard.h"

namespace imageserver {
namespace {

// Checks 1 and 2 of open_original().
Result<FileType> type_of(const Bytes& source, const TransformContext& context) {
  const std::optional<FileType> type = sniff(source.view());
  if (!type || !is_allowed(*type, context.untrusted)) return unknown_format(context.untrusted);
  if (const auto error = check_bytes(source.size())) return *error;
  return *type;
}

// Checks 3 to 5, of the repaired file.
Result<Header> examine(const Bytes& source, FileType type, int page, const ImageLimits& limits) {
  if (!has_sound_header(source.view(), type)) return damaged();
  if (const auto size = claimed_size(source, type))
    if (const auto error = check_source(*size, 1, limits)) return *error;
  if (const auto error = refusal_of(source, type, page)) return *error;
  return read_header(source, type, page);
}

struct Ended {
  Bytes bytes;
  bool lacked_end;
};

// Check 9. None if it fails.
std::optional<Ended> ended(const Bytes& file, FileType type, int max_scans) {
  if (is_sound(file.view(), type, max_scans)) return Ended{file, false};
  const std::optional<Bytes> whole = with_end(file.view(), type);
  if (!whole || !is_sound(whole->view(), type, max_scans)) return std::nullopt;
  return Ended{*whole, true};
}

}  // namespace

Result<Original> open_original(const Bytes& bytes, const TransformSpec& spec,
                               const TransformContext& context, const std::stop_token& stop) {
  const Result<FileType> type = type_of(bytes, context);
  if (type.has_error()) return type.error();
  const Bytes file = readable(bytes.view(), *type).value_or(bytes);
  const Result<Header> header = examine(file, *type, spec.page.value_or(0), context.limits);
  if (header.has_error()) return header.error();
  if (stop.stop_requested()) return cancelled();
  const Result<PageChoice> choice = choose_pages(spec, *header, context.limits);
  if (choice.has_error()) return choice.error();
  const auto& [pages, frames] = *choice;
  const Size frame = header->stored;
  if (const auto error = check_source(frame, pages.count, context.limits)) return *error;
  if (const auto error = check_coded(header->coded_pixels, context.limits)) return *error;
  const bool passes = passes_through(*header, pages, spec, context.avif_auto_max_pixels);
  const std::optional<Ended> whole =
      passes ? Ended{bytes, false} : ended(file, *type, max_scans(frame));
  if (!whole) return damaged();
  return Original{.bytes = whole->bytes,
                  .header = *header,
                  .pages = pages,
                  .frames = frames,
                  .passes_through = passes,
                  .lacked_end = whole->lacked_end};
}

TransformSpec first_frame() {
  TransformSpec spec;
  spec.frames = 1;
  return spec;
}

vips::VImage decode(const Original& original, double scale) {
  return decode(original.bytes, original.header, original.pages, scale,
                original.lacked_end ? Doubt::kEnd : Doubt::kNone);
}

}  // namespace imageserver
