#include "image/codec/animation.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace imageserver {
namespace {

using vips::VImage;

constexpr const char* kDelay = "delay";
constexpr const char* kLoop = "loop";

// libvips gives the delays of all pages, even if it reads only some of them.
void cut_delays(VImage& image, const Pages& pages) {
  if (image.get_typeof(kDelay) == 0) return;
  const std::vector<int> all = image.get_array_int(kDelay);
  const auto first = std::min(all.size(), static_cast<std::size_t>(pages.first));
  const auto end = std::min(all.size(), first + static_cast<std::size_t>(pages.count));
  image.set(kDelay, std::vector<int>(all.begin() + static_cast<std::ptrdiff_t>(first),
                                     all.begin() + static_cast<std::ptrdiff_t>(end)));
}

}  // namespace

bool is_of_animation(std::string_view field) { return field == kDelay || field == kLoop; }

void set_frames(VImage& image, const Pages& pages) {
  image.set(VIPS_META_PAGE_HEIGHT, image.height() / pages.count);
  cut_delays(image, pages);
}

}  // namespace imageserver
