#include "image/codec/allowed_operations.h"

#include "image/codec/codec.h"

namespace imageserver {

std::vector<const char*> allowed_operations(const UntrustedFormats& untrusted) {
  std::vector<const char*> operations;
  for (const FormatRow& row : format_rows()) {
    const auto& [type, reader, writer] = codec_of(row.type);
    if (is_allowed(row.type, untrusted) && reader.loader != nullptr)
      operations.push_back(reader.loader);
    if (writer.saver != nullptr) operations.push_back(writer.saver);
  }
  return operations;
}

}  // namespace imageserver
