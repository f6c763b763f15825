#include "image/heif/open_heif.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "formats/heif_items.h"
#include "image/colour/cicp.h"
#include "image/heif/picture.h"
#include "image/heif/picture_reader.h"
#include "image/vips/fill_part.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr const char* kCodedPixels = "imageserver-coded-pixels";
constexpr int kUnspecified = 2;

HeifItems read_items(std::string_view file) {
  std::optional<HeifItems> items = HeifItems::read(file);
  if (!items) throw vips::VError("heif: no list of items");
  return *std::move(items);
}

HeifPicture read_picture(const HeifItems& items, HeifItemId id) {
  std::optional<HeifPicture> picture = read_heif_picture(items, id);
  if (!picture) throw vips::VError("heif: no picture that can be read");
  return *std::move(picture);
}

// Called by libvips for the pixels of a part.
int generate(VipsRegion* out, void* /*sequence*/, void* reader, void* /*unused*/,
             gboolean* /*stop*/) {
  auto& from = *static_cast<PictureReader*>(reader);
  const VipsRect& part = out->valid;
  const auto pixel = static_cast<std::size_t>(VIPS_IMAGE_SIZEOF_PEL(out->im));
  return fill_part("heif", [&] {
    std::vector<std::uint8_t> row(static_cast<std::size_t>(out->im->Xsize) * pixel);
    for (int y = part.top; y < part.top + part.height; ++y) {
      from.row(y, row);
      const auto* const first = row.data() + static_cast<std::size_t>(part.left) * pixel;
      std::copy_n(first, static_cast<std::size_t>(part.width) * pixel,
                  VIPS_REGION_ADDR(out, part.left, y));
    }
  });
}

// Called by libvips when nothing uses the image any more.
void drop(VipsImage*, void* reader) { delete static_cast<PictureReader*>(reader); }

VipsInterpretation interpretation_of(const PictureReader& reader) {
  if (reader.is_grey())
    return reader.is_deep() ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
  return reader.is_deep() ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
}

VImage image_of(std::unique_ptr<PictureReader> reader) {
  const VImage image(vips_image_new());
  VipsImage* const raw = image.get_image();
  const Size size = reader->picture().crop.size;
  vips_image_init_fields(raw, size.width, size.height, reader->bands(),
                         reader->is_deep() ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR,
                         VIPS_CODING_NONE, interpretation_of(*reader), 1.0, 1.0);
  PictureReader* const kept = reader.release();
  g_signal_connect(raw, "postclose", G_CALLBACK(drop), kept);
  if (vips_image_pipelinev(raw, VIPS_DEMAND_STYLE_THINSTRIP, nullptr) != 0 ||
      vips_image_generate(raw, nullptr, generate, nullptr, kept, nullptr) != 0)
    throw vips::VError();
  return image;
}

void set_blob(VImage& image, const char* field, std::string_view bytes) {
  if (!bytes.empty())
    vips_image_set_blob_copy(image.get_image(), field, bytes.data(), bytes.size());
}

// What the item holds. Empty if there is no item, or its bytes are not in the file: a picture is
// shown without metadata.
std::string content_of(const HeifItems& items, std::optional<HeifItemId> id) {
  return id ? items.content(*items.find(*id)).value_or("") : "";
}

// Four bytes that say where the TIFF header begins stand before the block.
std::string_view exif_of(std::string_view content) {
  constexpr std::size_t kOffset = 4;
  return content.substr(std::min(kOffset, content.size()));
}

// By what is said: what is left open is as in sRGB.
std::optional<Cicp> cicp_of(const HeifCoding& coding) {
  const auto is_said = [](int code) { return code != kUnspecified; };
  if (!is_said(coding.primaries) && !is_said(coding.transfer)) return std::nullopt;
  Cicp cicp;
  if (is_said(coding.primaries)) cicp.primaries = coding.primaries;
  if (is_said(coding.transfer)) cicp.transfer = coding.transfer;
  return cicp;
}

std::int64_t pixels_of(const HeifPicture& picture) {
  const std::int64_t alpha = picture.alpha ? area(picture.alpha->decoded()) : 0;
  return std::max(area(picture.colour.decoded()), alpha);
}

// EXIF first: with the block libvips sets the orientation that it gives, which does not count.
void describe(VImage& image, const HeifItems& items, const HeifPicture& picture,
              std::size_t pages) {
  set_blob(image, VIPS_META_EXIF_NAME, exif_of(content_of(items, picture.exif)));
  set_blob(image, VIPS_META_XMP_NAME, content_of(items, picture.xmp));
  set_blob(image, VIPS_META_ICC_NAME, picture.profile);
  image.set(VIPS_META_ORIENTATION, picture.turn.exif());
  image.set(VIPS_META_N_PAGES, static_cast<int>(pages));
  image.set(kCodedPixels, static_cast<double>(pixels_of(picture)));
}

}  // namespace

VImage open_heif(std::string_view file, int page) {
  const HeifItems items = read_items(file);
  const std::vector<HeifItemId> pages = heif_pictures(items);
  const auto index = static_cast<std::size_t>(page);
  if (index >= pages.size()) throw vips::VError("heif: no such picture");
  const HeifPicture picture = read_picture(items, pages[index]);
  auto reader = std::make_unique<PictureReader>(items, picture);
  const std::optional<Cicp> cicp = cicp_of(reader->coding());
  VImage image = image_of(std::move(reader)).sequential().copy();
  describe(image, items, picture, pages.size());
  image.set(VIPS_META_SEQUENTIAL, 0);
  return cicp && picture.profile.empty() ? with_cicp(image, *cicp) : image;
}

std::int64_t coded_pixels(const VImage& image) {
  return image.get_typeof(kCodedPixels) == 0
             ? 0
             : static_cast<std::int64_t>(image.get_double(kCodedPixels));
}

}  // namespace imageserver
