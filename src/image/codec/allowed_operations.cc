#include "image/codec/allowed_operations.h"

#include "image/codec/codec.h"

namespace imageserver {

std::vector<const char*> serving_operations() {
  std::vector<const char*> operations;
  for (const FormatRow& row : format_rows()) {
    const auto& [type, reader, writer] = codec_of(row.type);
    const bool reads_here = !needs_sandbox(row.type);
    if (reads_here && reader.loader != nullptr) operations.push_back(reader.loader);
    if (writer.saver != nullptr) operations.push_back(writer.saver);
  }
  return operations;
}

std::vector<const char*> sandbox_operations(FileType type) {
  const char* const loader = codec_of(type).reader.loader;
  return loader != nullptr ? std::vector{loader} : std::vector<const char*>();
}

}  // namespace imageserver
