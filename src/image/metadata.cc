#include "image/metadata.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace imageserver {
namespace {

using vips::VImage;

constexpr const char* kCopyright = "exif-ifd0-Copyright";
constexpr const char* kDelay = "delay";
constexpr const char* kLoop = "loop";

// Which fields of a picture stay.
struct Essentials {
  bool copyright = false;
  bool animation = false;

  // VIPS_META_SEQUENTIAL is no metadata: by it libvips knows that rows come from top to bottom
  // only. The EXIF block must stay with the copyright: savers write it again without the entries
  // that are no fields any more, and only from it the text as it was (a field is cut, and mixed
  // with its own description).
  [[nodiscard]] bool contain(std::string_view field) const {
    if (field == VIPS_META_SEQUENTIAL) return true;
    if (field == kCopyright || field == VIPS_META_EXIF_NAME) return copyright;
    return animation && (field == kDelay || field == kLoop);
  }
};

std::vector<std::string> fields_of(const VImage& image) {
  const std::unique_ptr<gchar*, decltype(&g_strfreev)> names(
      vips_image_get_fields(image.get_image()), &g_strfreev);
  std::vector<std::string> fields;
  for (gchar** name = names.get(); *name != nullptr; ++name) fields.emplace_back(*name);
  return fields;
}

void cut_delays(VImage& image, int frames) {
  if (image.get_typeof(kDelay) == 0) return;
  std::vector<int> delays = image.get_array_int(kDelay);
  delays.resize(std::min(delays.size(), static_cast<std::size_t>(frames)));
  image.set(kDelay, delays);
}

}  // namespace

bool has_copyright(const VImage& image) { return image.get_typeof(kCopyright) != 0; }

VImage keep_essentials(const VImage& image, int frames) {
  VImage result = image.copy();
  const Essentials essentials{.copyright = has_copyright(image), .animation = frames > 1};
  for (const std::string& field : fields_of(image)) {
    if (!essentials.contain(field)) result.remove(field.c_str());
  }
  if (essentials.animation) {
    result.set(VIPS_META_PAGE_HEIGHT, image.height() / frames);
    cut_delays(result, frames);
  }
  return result;
}

}  // namespace imageserver
