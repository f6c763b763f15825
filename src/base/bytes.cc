#include "base/bytes.h"

#include <algorithm>

namespace imageserver {

Bytes Bytes::copy(std::string_view bytes) {
  if (bytes.empty()) return {};
  auto memory = std::make_shared_for_overwrite<char[]>(bytes.size());
  std::ranges::copy(bytes, memory.get());
  return own(std::move(memory), bytes.size());
}

Bytes Bytes::own(std::string bytes) {
  auto memory = std::make_shared<const std::string>(std::move(bytes));
  const std::string_view view = *memory;
  return {std::move(memory), view};
}

Bytes Bytes::own(std::shared_ptr<char[]> array, std::size_t size) {
  const std::string_view view(array.get(), size);
  return {std::move(array), view};
}

Bytes Bytes::slice(std::size_t offset, std::size_t size) const {
  return {owner_, view_.substr(offset, size)};
}

}  // namespace imageserver
