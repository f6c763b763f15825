#include "http/body_buffer.h"

#include <algorithm>

namespace imageserver {
namespace {

constexpr std::size_t kFirstSize = 4U << 10U;

}  // namespace

void BodyBuffer::begin(std::size_t size, std::string_view first) {
  bytes_.assign(first.begin(), first.end());
  size_ = size;
  come_ = first.size();
}

std::span<char> BodyBuffer::space() {
  if (come_ == bytes_.size()) bytes_.resize(std::min(std::max(kFirstSize, 2 * come_), size_));
  return std::span(bytes_).subspan(come_);
}

void BodyBuffer::drop() {
  if (size_ == 0) return;
  *this = BodyBuffer();
}

}  // namespace imageserver
