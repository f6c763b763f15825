#include "image/codec/ycbcr_tiff.h"

#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/log.h"
#include "formats/size.h"
#include "image/vips/fill_part.h"

namespace imageserver {
namespace {

using vips::VImage;

// A file in memory, in libtiff's terms.
struct Memory {
  std::string_view bytes;
  std::uint64_t at = 0;
};

Memory& memory(thandle_t handle) { return *static_cast<Memory*>(handle); }

tmsize_t read(thandle_t handle, void* to, tmsize_t wanted) {
  Memory& file = memory(handle);
  if (file.at >= file.bytes.size()) return 0;
  const auto left = static_cast<std::size_t>(file.bytes.size() - file.at);
  const std::size_t count = std::min(left, static_cast<std::size_t>(wanted));
  std::memcpy(to, file.bytes.data() + file.at, count);
  file.at += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) { return 0; }

toff_t seek(thandle_t handle, toff_t offset, int whence) {
  Memory& file = memory(handle);
  if (whence == SEEK_CUR) offset += file.at;
  if (whence == SEEK_END) offset += file.bytes.size();
  file.at = offset;
  return offset;
}

int keep_open(thandle_t) { return 0; }

toff_t size(thandle_t handle) { return memory(handle).bytes.size(); }

// libtiff only reads what is mapped. Where it has to copy instead, it refuses sound tiles (4.5.0).
int map(thandle_t handle, void** base, toff_t* length) {
  *base = const_cast<char*>(memory(handle).bytes.data());
  *length = memory(handle).bytes.size();
  return 1;
}

void keep_mapped(thandle_t, void*, toff_t) {}

int to_log(TIFF*, void*, const char* /*module*/, const char* format, va_list values) {
  std::array<char, 256> text{};
  std::vsnprintf(text.data(), text.size(), format, values);
  log::debug("libtiff: {}", text.data());
  return 1;  // nobody else is to be told
}

struct Close {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

using Tiff = std::unique_ptr<TIFF, Close>;

[[noreturn]] void fail() { throw vips::VError("libtiff cannot read the page"); }

// No tile or strip of a page that is read takes as much.
constexpr tmsize_t kMostBytesAtOnce = tmsize_t{1} << 30;

Tiff open_page(Memory& file, int page) {
  const std::unique_ptr<TIFFOpenOptions, Close> options(TIFFOpenOptionsAlloc());
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), to_log, nullptr);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), to_log, nullptr);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMostBytesAtOnce);
  Tiff tiff(TIFFClientOpenExt("page", "r", &file, read, write_nothing, seek, keep_open, size, map,
                              keep_mapped, options.get()));
  if (!tiff || TIFFSetDirectory(tiff.get(), static_cast<tdir_t>(page)) == 0) fail();
  return tiff;
}

std::uint32_t number_of(TIFF* tiff, ttag_t tag) {
  std::uint32_t value = 0;
  TIFFGetFieldDefaulted(tiff, tag, &value);
  return value;
}

Size size_of(TIFF* tiff) {
  const std::uint32_t width = number_of(tiff, TIFFTAG_IMAGEWIDTH);
  const std::uint32_t height = number_of(tiff, TIFFTAG_IMAGELENGTH);
  const auto is_side = [](std::uint32_t side) { return side >= 1 && side <= VIPS_MAX_COORD; };
  if (!is_side(width) || !is_side(height)) fail();
  if (TIFFIsTiled(tiff) != 0) {
    const TiffArea tile{number_of(tiff, TIFFTAG_TILEWIDTH), number_of(tiff, TIFFTAG_TILELENGTH)};
    if (!is_fair_tile(tile, {width, height})) fail();
  }
  return {static_cast<int>(width), static_cast<int>(height)};
}

// The rows that are decoded together: of a strip, or of a row of tiles.
int rows_at_once(TIFF* tiff, Size size) {
  const std::uint32_t rows =
      number_of(tiff, TIFFIsTiled(tiff) != 0 ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP);
  const auto all = static_cast<std::uint32_t>(size.height);
  return static_cast<int>(std::clamp<std::uint32_t>(rows, 1, all));
}

// libtiff's reader of pixels.
class Pixels {
 public:
  explicit Pixels(TIFF* tiff) {
    std::array<char, 1024> why{};
    if (TIFFRGBAImageBegin(&image_, tiff, 1, why.data()) == 0) fail();
    // Rows come as they are stored: whoever asks turns the picture.
    image_.orientation = image_.req_orientation = ORIENTATION_TOPLEFT;
  }
  ~Pixels() { TIFFRGBAImageEnd(&image_); }
  Pixels(const Pixels&) = delete;
  Pixels& operator=(const Pixels&) = delete;
  Pixels(Pixels&&) = delete;
  Pixels& operator=(Pixels&&) = delete;

  void read(int row, Size block, std::vector<std::uint32_t>& raster) {
    image_.row_offset = row;
    if (TIFFRGBAImageGet(&image_, raster.data(), static_cast<std::uint32_t>(block.width),
                         static_cast<std::uint32_t>(block.height)) == 0)
      fail();
  }

 private:
  TIFFRGBAImage image_{};
};

// A page that is decoded a block of rows at a time.
class Page {
 public:
  Page(std::string_view bytes, int page)
      : file_{bytes},
        tiff_(open_page(file_, page)),
        size_(size_of(tiff_.get())),
        block_(rows_at_once(tiff_.get(), size_)) {}

  [[nodiscard]] Size size() const { return size_; }
  [[nodiscard]] TIFF* tiff() const { return tiff_.get(); }

  // Writes the pixels in RGB. Throws vips::VError if they cannot be decoded. Threads: any.
  void write(int row, int left, int width, VipsPel* to) {
    const std::scoped_lock lock(mutex_);
    decode(row / block_);
    const auto at = static_cast<std::size_t>(row % block_) * static_cast<std::size_t>(size_.width);
    const std::uint32_t* from = raster_.data() + at + left;
    for (const std::uint32_t* const end = from + width; from != end; ++from) {
      *to++ = static_cast<VipsPel>(TIFFGetR(*from));
      *to++ = static_cast<VipsPel>(TIFFGetG(*from));
      *to++ = static_cast<VipsPel>(TIFFGetB(*from));
    }
  }

 private:
  void decode(int number) {
    if (number == decoded_) return;
    decoded_ = -1;
    if (!pixels_) {
      raster_.resize(static_cast<std::size_t>(size_.width) * static_cast<std::size_t>(block_));
      pixels_.emplace(tiff_.get());
    }
    const int top = number * block_;
    pixels_->read(top, {size_.width, std::min(block_, size_.height - top)}, raster_);
    decoded_ = number;
  }

  Memory file_;
  const Tiff tiff_;
  const Size size_;
  const int block_;
  std::mutex mutex_;
  std::optional<Pixels> pixels_;
  std::vector<std::uint32_t> raster_;
  int decoded_ = -1;
};

// Called by libvips for a part of the picture.
int generate(VipsRegion* out, void*, void* page, void*, gboolean*) {
  return fill_part("tiff", [&] {
    const VipsRect& part = out->valid;
    for (int y = part.top; y < VIPS_RECT_BOTTOM(&part); ++y)
      static_cast<Page*>(page)->write(y, part.left, part.width,
                                      VIPS_REGION_ADDR(out, part.left, y));
  });
}

// Called by libvips when nothing uses the image any more.
void drop(VipsImage*, void* page) { delete static_cast<Page*>(page); }

void copy_block(VipsImage* image, TIFF* tiff, ttag_t tag, const char* name) {
  std::uint32_t size = 0;
  const void* block = nullptr;
  if (TIFFGetField(tiff, tag, &size, &block) == 1)
    vips_image_set_blob_copy(image, name, block, size);
}

void copy_metadata(VipsImage* image, TIFF* tiff) {
  std::uint16_t orientation = 1;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
  vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
  vips_image_set_int(image, VIPS_META_N_PAGES, static_cast<int>(TIFFNumberOfDirectories(tiff)));
  copy_block(image, tiff, TIFFTAG_ICCPROFILE, VIPS_META_ICC_NAME);
  copy_block(image, tiff, TIFFTAG_XMLPACKET, VIPS_META_XMP_NAME);
}

}  // namespace

bool is_ycbcr_tiff(const TiffPage& page) {
  return page.colour == TiffColour::kYCbCr && !page.is_jpeg() && !unread_kind(page);
}

VImage load_ycbcr_tiff(std::string_view file, int page) {
  auto kept = std::make_unique<Page>(file, page);
  const Size size = kept->size();
  VImage image(vips_image_new());
  VipsImage* const raw = image.get_image();
  vips_image_init_fields(raw, size.width, size.height, 3, VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
                         VIPS_INTERPRETATION_sRGB, 1, 1);
  if (vips_image_pipelinev(raw, VIPS_DEMAND_STYLE_THINSTRIP, nullptr) != 0) throw vips::VError();
  copy_metadata(raw, kept->tiff());
  Page* const shared = kept.release();
  g_signal_connect(raw, "postclose", G_CALLBACK(drop), shared);
  if (vips_image_generate(raw, nullptr, generate, nullptr, shared, nullptr) != 0)
    throw vips::VError();
  return image;
}

}  // namespace imageserver
