#include "image/original.h"
#include "image/codec/decode.h"

#include <optional>
#include <string>

#include "formats/sniff.h"
#include "formats/structure.h"
#include "image/sandbox/decode_in_sandbox.h"
#include "image/vips/guard.h"

namespace imageserver {
namespace {

bool is_allowed(FileType type, const UntrustedFormats& untrusted) {
  switch (type) {
    case FileType::kSvg:
      return untrusted.svg;
    case FileType::kPdf:
      return untrusted.pdf;
    case FileType::kJxl:
      return untrusted.jxl;
    default:
      return true;
  }
}

Error unknown_format(const UntrustedFormats& untrusted) {
  std::string known = "JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP";
  if (untrusted.svg) known += ", SVG";
  if (untrusted.pdf) known += ", PDF";
  if (untrusted.jxl) known += ", JPEG XL";
  return {ErrorKind::kUnprocessable, "not a picture in a format we read (" + known + ")"};
}

}  // namespace

Result<Header> examine(const Bytes& source, int page, const TransformContext& context,
                       const std::stop_token& stop) {
  const std::optional<FileType> type = sniff(source.view());
  if (!type || !is_allowed(*type, context.untrusted)) return unknown_format(context.untrusted);
  if (const auto error = check_bytes(source.size())) return *error;
  if (!has_sound_header(source.view(), *type)) return damaged();
  if (!needs_sandbox(*type)) return read_header(source, *type, page);
  return read_header_in_sandbox(context.draw_program, source, *type, page, stop);
}

Result<vips::VImage> decode(const Original& original, double scale, const std::stop_token& stop) {
  const auto& [bytes, header, pages, draw_program] = original;
  if (!needs_sandbox(header.type)) return decode(bytes, header, pages, scale);
  return decode_in_sandbox(draw_program, bytes, header, pages.first, scale, stop);
}

}  // namespace imageserver
