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
#include "image/vips/fill_part.h"

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
  GifRoll(GifFile file, int first)
      : file_(std::move(file)), first_(first), canvas_(file_), has_alpha_(shows_what_is_behind()) {}

  GifRoll(const GifRoll&) = delete;
  GifRoll& operator=(const GifRoll&) = delete;

  [[nodiscard]] const GifFile& file() const { return file_; }
  [[nodiscard]] bool has_alpha() const { return has_alpha_; }

  // Called by libvips.
  static int generate(VipsRegion* out, void*, void*, void* roll, gboolean*) {
    return fill_part("gif", [&] { static_cast<GifRoll*>(roll)->fill(out); });
  }

  // Called by libvips when nothing uses the image any more.
  static void drop(VipsImage*, void* roll) { delete static_cast<GifRoll*>(roll); }

 private:
  // What the first frame leaves out, because its data ends early, stays transparent. That shows
  // only when it is drawn.
  bool shows_what_is_behind() {
    const MutexLock lock(mutex_);
    if (imageserver::has_alpha(file_)) return true;
    advance_to(0);
    return !canvas_.is_opaque();
  }

  void fill(VipsRegion* out) {
    const MutexLock lock(mutex_);
    const VipsRect& rows = out->valid;
    const int height = file_.screen.height;
    for (int y = rows.top; y < VIPS_RECT_BOTTOM(&rows); ++y) {
      advance_to(first_ + y / height);
      const auto pixels =
          canvas_.row(y % height)
              .subspan(static_cast<std::size_t>(rows.left), static_cast<std::size_t>(rows.width));
      write(pixels, out->im->Bands, VIPS_REGION_ADDR(out, rows.left, y));
    }
  }

  void advance_to(int frame) IMAGESERVER_REQUIRES(mutex_) {
    if (is_broken_ || frame < canvas_.drawn() - 1) canvas_.start_over();
    is_broken_ = true;  // until all are drawn
    while (canvas_.drawn() <= frame) {
      if (const auto error = canvas_.draw_next()) throw vips::VError(error->message);
    }
    is_broken_ = false;
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
  bool is_broken_ IMAGESERVER_GUARDED_BY(mutex_) = false;
  const bool has_alpha_;
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
                         roll->has_alpha() ? 4 : 3, VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
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
