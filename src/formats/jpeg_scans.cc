#include "formats/jpeg_scans.h"

#include <algorithm>
#include <cstddef>

namespace imageserver {
namespace {

unsigned char byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

}  // namespace

void JpegScans::add_frame(std::string_view segment) {
  constexpr std::size_t kCountAt = 5;  // behind precision, height and width
  constexpr std::size_t kEach = 3;
  components_.clear();
  if (segment.size() <= kCountAt) return;
  const std::size_t count = byte_at(segment, kCountAt);
  if (segment.size() < kCountAt + 1 + count * kEach) return;
  for (std::size_t i = 0; i < count; ++i)
    components_.push_back({byte_at(segment, kCountAt + 1 + i * kEach), {}});
}

void JpegScans::add_scan(std::string_view segment) {
  constexpr std::size_t kEach = 2;
  if (segment.empty()) return;
  const std::size_t count = byte_at(segment, 0);
  const std::size_t spectrum = 1 + count * kEach;
  if (segment.size() < spectrum + 3) return;
  const bool is_last_bit = byte_at(segment, spectrum + 2) % 16 == 0;
  if (!is_last_bit) return;
  for (std::size_t i = 0; i < count; ++i)
    tell(byte_at(segment, 1 + i * kEach), byte_at(segment, spectrum),
         byte_at(segment, spectrum + 1));
}

bool JpegScans::are_complete() const {
  return !components_.empty() && std::ranges::all_of(components_, [](const Component& component) {
    return std::ranges::all_of(component.is_known, [](bool known) { return known; });
  });
}

void JpegScans::tell(unsigned char name, int first, int last) {
  const auto found = std::ranges::find(components_, name, &Component::name);
  if (found == components_.end() || last >= kCoefficients) return;
  for (int i = first; i <= last; ++i) found->is_known.at(static_cast<std::size_t>(i)) = true;
}

}  // namespace imageserver
