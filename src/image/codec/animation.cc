#include "image/codec/animation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace imageserver {
namespace {

using vips::VImage;

constexpr const char* kDelay = "delay";
constexpr const char* kLoop = "loop";

constexpr int kHundredth = 10;    // milliseconds
constexpr int kShownLonger = 10;  // browsers show frames of no more milliseconds for 100

// libvips gives the delays of all pages, even if it reads only some of them.
void cut_delays(VImage& image, const Pages& pages) {
  if (image.get_typeof(kDelay) == 0) return;
  const std::vector<int> all = image.get_array_int(kDelay);
  const auto first = std::min(all.size(), static_cast<std::size_t>(pages.first));
  const auto end = std::min(all.size(), first + static_cast<std::size_t>(pages.count));
  image.set(kDelay, std::vector<int>(all.begin() + static_cast<std::ptrdiff_t>(first),
                                     all.begin() + static_cast<std::ptrdiff_t>(end)));
}

// In hundredths of a second.
int least_delay(int milliseconds) {
  if (milliseconds <= 0) return 0;
  return milliseconds > kShownLonger ? 2 : 1;
}

// The delays, in milliseconds that are whole hundredths of a second.
std::vector<int> in_hundredths(const std::vector<int>& delays) {
  constexpr std::int64_t kLongest = 65535;
  std::vector<int> result;
  result.reserve(delays.size());
  std::int64_t asked = 0;  // until the end of the frame, in milliseconds
  std::int64_t given = 0;  // until then, in hundredths
  for (const int delay : delays) {
    asked += std::max(delay, 0);
    const std::int64_t rest = (asked + kHundredth / 2) / kHundredth - given;
    const std::int64_t own = std::clamp<std::int64_t>(rest, least_delay(delay), kLongest);
    given += std::max(own, rest);  // what is longer than kLongest is lost
    result.push_back(static_cast<int>(own * kHundredth));
  }
  return result;
}

}  // namespace

bool is_of_animation(std::string_view field) { return field == kDelay || field == kLoop; }

void set_frames(VImage& image, const Pages& pages) {
  image.set(VIPS_META_PAGE_HEIGHT, image.height() / pages.count);
  cut_delays(image, pages);
}

VImage with_gif_delays(const VImage& image) {
  if (image.get_typeof(kDelay) == 0) return image;
  VImage result = image.copy();
  result.set(kDelay, in_hundredths(image.get_array_int(kDelay)));
  return result;
}

}  // namespace imageserver
