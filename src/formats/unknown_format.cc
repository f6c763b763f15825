#include "formats/unknown_format.h"

#include <string>

#include "formats/format.h"

namespace imageserver {

Error unknown_format(const UntrustedFormats& untrusted) {
  std::string known;
  for (const FormatRow& row : format_rows()) {
    if (!is_allowed(row.type, untrusted)) continue;
    known += (known.empty() ? "" : ", ") + std::string(row.title);
  }
  return {ErrorKind::kUnprocessable, "not a picture in a format we read (" + known + ")"};
}

}  // namespace imageserver
