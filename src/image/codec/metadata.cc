#include "image/codec/metadata.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "image/codec/animation.h"
#include "image/codec/upright_xmp.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr const char* kCopyright = "exif-ifd0-Copyright";
constexpr const char* kColourSpace = "exif-ifd2-ColorSpace";

// The fields that savers write as they are.
constexpr std::array kBlocks = {VIPS_META_EXIF_NAME, VIPS_META_XMP_NAME, VIPS_META_IPTC_NAME};

// Fields that are wrong once a picture was transformed, or of one page alone.
constexpr auto kWrong = std::to_array<std::string_view>(
    {VIPS_META_ORIENTATION, "exif-ifd0-Orientation", VIPS_META_ICC_NAME, "jpeg-thumbnail-data",
     VIPS_META_PAGE_HEIGHT, VIPS_META_N_PAGES, "palette-bit-depth", "exif-ifd2-Gamma",
     "exif-ifd0-WhitePoint", "exif-ifd0-PrimaryChromaticities", "exif-ifd0-TransferFunction",
     "exif-ifd4-InteroperabilityIndex"});

// Fields that libvips lists with the metadata, although they describe the pixels.
constexpr auto kOfPixels = std::to_array<std::string_view>({"width", "height", "bands", "format",
                                                            "coding", "interpretation", "xoffset",
                                                            "yoffset", "xres", "yres", "filename"});

// Which fields of a picture stay.
struct Essentials {
  bool copyright = false;
  bool everything = false;
  bool animation = false;

  // VIPS_META_SEQUENTIAL stays: it tells libvips that rows come from top to bottom only. The EXIF
  // block must stay if the copyright does: savers drop the entries of the block that are no fields
  // any more, but take the copyright's text from the block. (The field holds the text only cut
  // short, and mixed with its own description.)
  [[nodiscard]] bool contain(std::string_view field) const {
    if (field == VIPS_META_SEQUENTIAL) return true;
    if (is_of_animation(field)) return animation;
    if (everything) return std::ranges::find(kWrong, field) == kWrong.end();
    return copyright && (field == kCopyright || field == VIPS_META_EXIF_NAME);
  }
};

std::vector<std::string> fields_of(const VImage& image) {
  const std::unique_ptr<gchar*, decltype(&g_strfreev)> names(
      vips_image_get_fields(image.get_image()), &g_strfreev);
  std::vector<std::string> fields;
  for (gchar** name = names.get(); *name != nullptr; ++name) fields.emplace_back(*name);
  return fields;
}

bool has(const VImage& image, const char* field) { return image.get_typeof(field) != 0; }

// REQUIRES: the image has XMP.
std::string xmp_of(const VImage& image) {
  std::size_t size = 0;
  const void* const packet = image.get_blob(VIPS_META_XMP_NAME, &size);
  return {static_cast<const char*>(packet), size};
}

void turn_xmp_upright(const VImage& image) {
  const std::string packet = upright_xmp(xmp_of(image));
  vips_image_set_blob_copy(image.get_image(), VIPS_META_XMP_NAME, packet.data(), packet.size());
}

}  // namespace

bool has_metadata(const VImage& image) {
  return std::ranges::any_of(kBlocks, [&image](const char* block) { return has(image, block); });
}

bool has_copyright(const VImage& image) { return has(image, kCopyright); }

VImage strip_metadata(const VImage& image, const Pages& pages, std::optional<bool> strip) {
  VImage result = image.copy();
  const Essentials essentials{.copyright = !strip && has_copyright(image),
                              .everything = strip == false,
                              .animation = pages.count > 1};
  for (const std::string& field : fields_of(image)) {
    if (!essentials.contain(field)) result.remove(field.c_str());
  }
  // Without this entry, savers add one that says "uncalibrated".
  if (has(result, VIPS_META_EXIF_NAME)) result.set(kColourSpace, "1");
  if (has(result, VIPS_META_XMP_NAME)) turn_xmp_upright(result);
  if (essentials.animation) set_frames(result, pages);
  return result;
}

VImage with_metadata_of(const VImage& pixels, const VImage& from) {
  VImage result = pixels.copy();
  for (const std::string& field : fields_of(from)) {
    if (std::ranges::find(kOfPixels, field) != kOfPixels.end()) continue;
    GValue value = G_VALUE_INIT;
    if (vips_image_get(from.get_image(), field.c_str(), &value) != 0) throw vips::VError();
    vips_image_set(result.get_image(), field.c_str(), &value);
    g_value_unset(&value);
  }
  return result;
}

}  // namespace imageserver
