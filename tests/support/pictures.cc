#include "support/pictures.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "image/codec/allowed_operations.h"
#include "image/codec/bmp.h"
#include "image/vips/raster_io.h"
#include "image/vips/vips_library.h"

// libx265, which writes HEIC for the tests alone, keeps a block for ever.
extern "C" const char* __lsan_default_suppressions() { return "leak:libx265\n"; }  // NOLINT

namespace imageserver {

void PrintTo(const Error& error, std::ostream* out) {
  *out << "kind " << static_cast<int>(error.kind) << ": " << error.message;
}

namespace {

using vips::VImage;

class LibraryEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    library_ =
        std::make_unique<VipsLibrary>(allowed_operations({.svg = true, .pdf = true, .jxl = true}));
    // Our readers of GIF and of AVIF are our own: libvips' readers look at our results.
    vips_operation_block_set("VipsForeignLoadNsgifBuffer", FALSE);
    vips_operation_block_set("VipsForeignLoadHeifBuffer", FALSE);
  }
  void TearDown() override { library_.reset(); }

 private:
  std::unique_ptr<VipsLibrary> library_;
};

const auto* const kLibrary = ::testing::AddGlobalTestEnvironment(new LibraryEnvironment);

std::uint8_t level(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

bool has_metadata(const VImage& image) {
  const auto has = [&](const char* field) { return image.get_typeof(field) != 0; };
  return has(VIPS_META_EXIF_NAME) || has(VIPS_META_XMP_NAME) || has(VIPS_META_ICC_NAME);
}

// Has no metadata where the image has none: libvips makes EXIF up.
Bytes heif(const VImage& image, VipsForeignHeifCompression compression) {
  return to_bytes(image.heifsave_buffer(VImage::option()
                                            ->set("compression", compression)
                                            ->set("Q", 97)
                                            ->set("effort", 0)
                                            ->set("bitdepth", 8)
                                            ->set("strip", !has_metadata(image))
                                            ->set("subsample_mode", VIPS_FOREIGN_SUBSAMPLE_OFF)));
}

VImage on_white(const VImage& image) {
  const VImage srgb = image.colourspace(VIPS_INTERPRETATION_sRGB);
  return srgb.has_alpha() ? srgb.flatten(VImage::option()->set("background", 255.0)) : srgb;
}

}  // namespace

VImage photo(int width, int height) {
  std::vector<std::uint8_t> pixels;
  pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double texture = 10 * std::sin(x * 0.9) * std::cos(y * 0.7);
      pixels.push_back(level(128 + 90 * std::sin(x / 37.0 + y / 61.0) + texture));
      pixels.push_back(level(120 + 80 * std::sin(x / 53.0 - y / 29.0 + 1) + texture));
      pixels.push_back(level(100 + 200.0 * y / height - 100.0 * x / width + texture));
    }
  }
  const VImage borrowed =
      VImage::new_from_memory(pixels.data(), pixels.size(), width, height, 3, VIPS_FORMAT_UCHAR);
  // Written out, as the vector goes away with this function.
  const VImage owned = VImage::new_memory();
  borrowed.copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB)).write(owned);
  return owned;
}

VImage plain(int width, int height, const std::vector<double>& colour) {
  const auto space = colour.size() < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  return VImage::black(width, height)
      .new_from_image(colour)
      .cast(VIPS_FORMAT_UCHAR)
      .copy(VImage::option()->set("interpretation", space));
}

VImage quarters(int width, int height) {
  const int w = width / 2;
  const int h = height / 2;
  const VImage top =
      plain(w, h, {255, 0, 0}).join(plain(w, h, {0, 255, 0}), VIPS_DIRECTION_HORIZONTAL);
  const VImage bottom =
      plain(w, h, {0, 0, 255}).join(plain(w, h, {255, 255, 255}), VIPS_DIRECTION_HORIZONTAL);
  return top.join(bottom, VIPS_DIRECTION_VERTICAL);
}

VImage stored_as(const VImage& seen, int orientation) {
  const auto lay = [&] {
    switch (orientation) {
      case 2:
        return seen.fliphor();
      case 3:
        return seen.rot180();
      case 4:
        return seen.flipver();
      case 5:
        return seen.rot90().fliphor();
      case 6:
        return seen.rot270();
      case 7:
        return seen.rot270().fliphor();
      case 8:
        return seen.rot90();
      default:
        return seen;
    }
  };
  VImage stored = lay().copy_memory();
  stored.set(VIPS_META_ORIENTATION, orientation);
  return stored;
}

Bytes turned_file(const VImage& seen, int orientation, Format format) {
  VImage image = stored_as(seen, orientation);
  // Only the JPEG saver makes up an EXIF block; the others want one to write into.
  VImage opaque = image.has_alpha() ? image.flatten() : image;
  const VImage jpeg = decoded(encoded(opaque, Format::kJpeg), Format::kJpeg);
  std::size_t size = 0;
  const void* exif = jpeg.get_blob(VIPS_META_EXIF_NAME, &size);
  vips_image_set_blob_copy(image.get_image(), VIPS_META_EXIF_NAME, exif, size);
  return encoded(image, format);
}

VImage roll(const std::vector<VImage>& frames, const std::vector<int>& delays, int loop) {
  VImage image = VImage::arrayjoin(frames, VImage::option()->set("across", 1)).copy_memory();
  image.set(VIPS_META_PAGE_HEIGHT, frames.front().height());
  image.set("delay", delays);
  image.set("loop", loop);
  return image;
}

Bytes to_bytes(VipsBlob* blob) {
  std::size_t size = 0;
  const void* data = vips_blob_get(blob, &size);
  const Bytes bytes = Bytes::copy({static_cast<const char*>(data), size});
  vips_area_unref(VIPS_AREA(blob));
  return bytes;
}

Bytes encoded(const VImage& image, Format format) {
  const auto options = [] { return VImage::option(); };
  switch (format) {
    case Format::kJpeg:
      return to_bytes(image.jpegsave_buffer(options()->set("Q", 98)));
    case Format::kPng:
      return to_bytes(image.pngsave_buffer(options()));
    case Format::kGif:
      return to_bytes(image.gifsave_buffer(options()->set("effort", 1)));
    case Format::kWebp:
      return to_bytes(image.webpsave_buffer(options()->set("lossless", true)->set("effort", 0)));
    case Format::kAvif:
      return heif(image, VIPS_FOREIGN_HEIF_COMPRESSION_AV1);
    case Format::kTiff:
      return to_bytes(image.tiffsave_buffer(options()));
    case Format::kBmp:
      return encode_bmp(view(to_raster(image)));
  }
  return {};
}

Bytes heic(const VImage& image) { return heif(image, VIPS_FOREIGN_HEIF_COMPRESSION_HEVC); }

VImage decoded(const Bytes& bytes, Format format) {
  VipsBlob* const blob = vips_blob_new(nullptr, bytes.data(), bytes.size());
  const auto load = [&] {
    switch (format) {
      case Format::kJpeg:
        return VImage::jpegload_buffer(blob);
      case Format::kPng:
        return VImage::pngload_buffer(blob);
      case Format::kGif:
        return VImage::gifload_buffer(blob, VImage::option()->set("n", -1));
      case Format::kWebp:
        return VImage::webpload_buffer(blob, VImage::option()->set("n", -1));
      case Format::kAvif:
        return VImage::heifload_buffer(blob);
      case Format::kTiff:
        return VImage::tiffload_buffer(blob);
      case Format::kBmp:
        return from_raster(view(*decode_bmp(bytes.view())));
    }
    return VImage();
  };
  const VImage image = load().copy_memory();
  vips_area_unref(VIPS_AREA(blob));
  return image;
}

VImage decoded(const Image& image) { return decoded(image.data, *image.format); }

double distance(const VImage& a, const VImage& b) {
  EXPECT_EQ(a.width(), b.width());
  EXPECT_EQ(a.height(), b.height());
  if (a.width() != b.width() || a.height() != b.height()) return 255;
  const VImage difference = on_white(a) - on_white(b);
  return std::sqrt((difference * difference).avg());
}

std::vector<double> colour_at(const VImage& image, int left, int top, int width, int height) {
  const VImage part = image.extract_area(left, top, width, height);
  std::vector<double> colour;
  for (int band = 0; band < part.bands(); ++band) colour.push_back(part.extract_band(band).avg());
  return colour;
}

Bytes read_testdata(const std::string& name) {
  std::ifstream file(std::string(IMAGESERVER_TESTDATA) + "/" + name, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << name;
  return Bytes::own({std::istreambuf_iterator<char>(file), {}});
}

const std::vector<std::string> kGravities = {"c", "n", "ne", "e", "se", "s", "sw", "w", "nw"};

Gravity gravity_of(std::string_view name) {
  Gravity gravity;
  for (const char letter : name) {
    if (letter == 'n') gravity.y = 0;
    if (letter == 's') gravity.y = 1;
    if (letter == 'w') gravity.x = 0;
    if (letter == 'e') gravity.x = 1;
  }
  return gravity;
}

TransformContext limited_to(const ImageLimits& limits) {
  TransformContext context;
  context.limits = limits;
  return context;
}

ImagePtr TransformTest::make(const Bytes& source, const TransformSpec& spec,
                             const TransformContext& context, const Bytes& watermark) {
  const auto result = transform(source, spec, {}, context, watermark);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
  return result ? *result : nullptr;
}

Error TransformTest::error_of(const Bytes& source, const TransformSpec& spec,
                              const TransformContext& context, const Bytes& watermark) {
  const auto result = transform(source, spec, {}, context, watermark);
  EXPECT_TRUE(result.has_error());
  return result.has_error() ? result.error() : Error{};
}

VImage TransformTest::through(const VImage& picture, TransformSpec spec, const Bytes& watermark) {
  if (!spec.format) spec.format = Format::kTiff;
  return decoded(*make(encoded(picture, Format::kPng), spec, {}, watermark));
}

TransformSpec TransformTest::sized(int width, int height, Mode mode) {
  TransformSpec spec;
  spec.width = width;
  spec.height = height;
  spec.mode = mode;
  return spec;
}

TransformSpec TransformTest::as(Format format) {
  TransformSpec spec;
  spec.format = format;
  return spec;
}

}  // namespace imageserver
