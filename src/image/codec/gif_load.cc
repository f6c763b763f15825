#include "image/codec/gif_load.h"

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "image/codec/gif_canvas.h"
#include "image/codec/gif_file.h"

namespace imageserver {
namespace {

using vips::VImage;

GifFile opened(std::string_view bytes) {
  Result<GifFile> file = read_gif(bytes);
  if (file.has_error()) throw vips::VError(file.error().message);
  return *std::move(file);
}

// Gives libvips the rows of the frames. Threads: any, one after the other.
class GifRoll {
 public:
  GifRoll(GifFile file, int first) : file_(std::move(file)), first_(first), canvas_(file_) {}

  GifRoll(const GifRoll&) = delete;
  GifRoll& operator=(const GifRoll&) = delete;

  [[nodiscard]] const GifFile& file() const { return file_; }

  // Called by libvips.
  static int generate(VipsRegion* out, void*, void*, void* roll, gboolean*) {
    return static_cast<GifRoll*>(roll)->fill(out) ? 0 : -1;
  }

  // Called by libvips when nothing uses the image any more.
  static void drop(VipsImage*, void* roll) { delete static_cast<GifRoll*>(roll); }

 private:
  bool fill(VipsRegion* out) {
    const MutexLock lock(mutex_);
    const VipsRect& rows = out->valid;
    const int height = file_.screen.height;
    for (int y = rows.top; y < VIPS_RECT_BOTTOM(&rows); ++y) {
      if (!advance_to(first_ + y / height)) return false;
      const auto pixels =
          canvas_.row(y % height)
              .subspan(static_cast<std::size_t>(rows.left), static_cast<std::size_t>(rows.width));
      write(pixels, out->im->Bands, VIPS_REGION_ADDR(out, rows.left, y));
    }
    return true;
  }

  bool advance_to(int frame) IMAGESERVER_REQUIRES(mutex_) {
    if (frame < canvas_.drawn() - 1) canvas_.start_over();
    while (canvas_.drawn() <= frame) {
      const auto error = canvas_.draw_next();
      if (!error) continue;
      vips_error("gif", "%s", error->message.c_str());
      return false;
    }
    return true;
  }

  static void write(std::span<const GifCanvas::Pixel> pixels, int bands, VipsPel* to) {
    if (bands == static_cast<int>(sizeof(GifCanvas::Pixel))) {
      std::memcpy(to, pixels.data(), pixels.size_bytes());
      return;
    }
    for (const GifCanvas::Pixel& pixel : pixels) {
      *to++ = pixel[0];
      *to++ = pixel[1];
      *to++ = pixel[2];
    }
  }

  const GifFile file_;
  const int first_;
  Mutex mutex_;
  GifCanvas canvas_ IMAGESERVER_GUARDED_BY(mutex_);
};

std::vector<int> delays_of(const GifFile& file) {
  constexpr int kMilliseconds = 10;
  std::vector<int> delays;
  delays.reserve(file.frames.size());
  for (const GifFrame& frame : file.frames) delays.push_back(kMilliseconds * frame.delay);
  return delays;
}

void set_fields(VImage& image, const GifFile& file) {
  image.set(VIPS_META_N_PAGES, static_cast<int>(file.frames.size()));
  image.set(VIPS_META_PAGE_HEIGHT, file.screen.height);
  image.set("loop", file.loop);
  image.set("delay", delays_of(file));
}

}  // namespace

Header load_gif_header(std::string_view bytes) {
  const GifFile file = opened(bytes);
  return {.type = FileType::kGif,
          .stored = file.screen,
          .pages = static_cast<int>(file.frames.size()),
          .alpha = has_alpha(file)};
}

VImage load_gif(std::string_view bytes, const Pages& pages, double /*scale*/) {
  auto roll = std::make_unique<GifRoll>(opened(bytes), pages.first);
  const GifFile& file = roll->file();
  VImage image(vips_image_new());
  VipsImage* const raw = image.get_image();
  vips_image_init_fields(raw, file.screen.width, file.screen.height * pages.count,
                         has_alpha(file) ? 4 : 3, VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
                         VIPS_INTERPRETATION_sRGB, 1, 1);
  set_fields(image, file);
  GifRoll* const kept = roll.release();
  g_signal_connect(raw, "postclose", G_CALLBACK(GifRoll::drop), kept);
  if (vips_image_pipelinev(raw, VIPS_DEMAND_STYLE_THINSTRIP, nullptr) != 0 ||
      vips_image_generate(raw, nullptr, GifRoll::generate, nullptr, nullptr, kept) != 0) {
    throw vips::VError();
  }
  return image;
}

}  // namespace imageserver
