#include "image/codec/svg_load.h"

#include <cairo.h>
#include <librsvg/rsvg.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "image/vips/fill_part.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr double kDotsPerInch = 96;
constexpr int kBands = 4;

// The longest side of a surface of cairo.
constexpr int kLongestSurface = 32767;

// How many pixels are drawn at once: most drawings are no larger.
constexpr std::int64_t kDrawnAtOnce = 16'000'000;

struct Unref {
  void operator()(RsvgHandle* handle) const { g_object_unref(handle); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};

using Handle = std::unique_ptr<RsvgHandle, Unref>;
using Surface = std::unique_ptr<cairo_surface_t, Unref>;
using Context = std::unique_ptr<cairo_t, Unref>;

// An error of librsvg, which is not told: libvips' text belongs to the whole process.
class GlibError {
 public:
  GlibError() = default;
  ~GlibError() { g_clear_error(&error_); }
  GlibError(const GlibError&) = delete;
  GlibError& operator=(const GlibError&) = delete;

  [[nodiscard]] GError** place() { return &error_; }

 private:
  GError* error_ = nullptr;
};

Handle opened(std::string_view file) {
  GlibError error;
  Handle handle(rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(file.data()), file.size(),
                                          error.place()));
  if (!handle) throw vips::VError("not an SVG");
  rsvg_handle_set_dpi(handle.get(), kDotsPerInch);
  return handle;
}

// In pixels; none for a percentage, and for what is no length.
std::optional<double> pixels_of(const RsvgLength& length) {
  constexpr double kEm = 16;  // CSS: the usual size of a font
  switch (length.unit) {
    case RSVG_UNIT_PX:
      return length.length;
    case RSVG_UNIT_EM:
      return length.length * kEm;
    case RSVG_UNIT_EX:
      return length.length * kEm / 2;
    case RSVG_UNIT_IN:
      return length.length * kDotsPerInch;
    case RSVG_UNIT_CM:
      return length.length * kDotsPerInch / 2.54;
    case RSVG_UNIT_MM:
      return length.length * kDotsPerInch / 25.4;
    case RSVG_UNIT_PT:
      return length.length * kDotsPerInch / 72;
    case RSVG_UNIT_PC:
      return length.length * kDotsPerInch / 6;
    default:
      return std::nullopt;
  }
}

// What the root element says of its size.
struct Dimensions {
  std::optional<double> width;
  std::optional<double> height;
  std::optional<RealSize> view;  // of the `viewBox`
};

Dimensions dimensions_of(RsvgHandle* handle) {
  gboolean has_width = FALSE;
  gboolean has_height = FALSE;
  gboolean has_view = FALSE;
  RsvgLength width{};
  RsvgLength height{};
  RsvgRectangle view{};
  rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &width, &has_height, &height, &has_view,
                                       &view);
  Dimensions result;
  if (has_width != FALSE) result.width = pixels_of(width);
  if (has_height != FALSE) result.height = pixels_of(height);
  if (has_view != FALSE && view.width > 0 && view.height > 0)
    result.view = RealSize{view.width, view.height};
  return result;
}

// From the origin to the end of what is drawn.
RealSize extent_of(RsvgHandle* handle) {
  RsvgRectangle ink{};
  GlibError error;
  if (rsvg_handle_get_geometry_for_element(handle, nullptr, &ink, nullptr, error.place()) == FALSE)
    return {};
  return {ink.x + ink.width, ink.y + ink.height};
}

struct DrawingSize {
  RealSize natural;
  bool scales = true;  // librsvg scales what it draws to the viewport that it is given
};

DrawingSize said_size_of(RsvgHandle* handle) {
  const auto [width, height, view] = dimensions_of(handle);
  if (width && height) return {{*width, *height}};
  if (!view) return {extent_of(handle), false};
  if (width) return {{*width, *width * view->height / view->width}};
  if (height) return {{*height * view->width / view->height, *height}};
  return {*view};
}

RealSize scaled(const RealSize& size, double scale) {
  return {size.width * scale, size.height * scale};
}

// The size, if an image can have it, and no side is below `shortest`.
RealSize checked(const RealSize& size, double shortest) {
  const auto is_side = [&](double length) {
    return length > 0 && length >= shortest && length < VIPS_MAX_COORD;
  };
  if (!is_side(size.width) || !is_side(size.height)) throw vips::VError("an SVG of no size");
  return size;
}

DrawingSize size_of(RsvgHandle* handle) {
  DrawingSize size = said_size_of(handle);
  size.natural = checked(size.natural, kShortestNaturalSide);
  return size;
}

// From what cairo draws, alpha multiplied into words of blue, green, red and alpha.
void to_rgba(const std::uint32_t* from, std::size_t count, VipsPel* to) {
  constexpr std::uint32_t kOpaque = 255;
  for (std::size_t i = 0; i < count; ++i, to += kBands) {
    const std::uint32_t pixel = from[i];
    const std::uint32_t alpha = pixel >> 24;
    const auto colour = [&](unsigned shift) {
      const std::uint32_t value = pixel >> shift & 0xFFU;
      return static_cast<VipsPel>(
          alpha == 0 ? 0 : std::min((value * kOpaque + alpha / 2) / alpha, kOpaque));
    };
    to[0] = colour(16);
    to[1] = colour(8);
    to[2] = colour(0);
    to[3] = static_cast<VipsPel>(alpha);
  }
}

// Gives libvips the rows of a drawing. It draws many rows at once, and keeps those of the last
// time. Threads: any, one after the other.
class SvgDrawing {
 public:
  SvgDrawing(Handle handle, double scale)
      : handle_(std::move(handle)),
        own_(size_of(handle_.get())),
        viewport_(scaled(own_.natural, own_.scales ? scale : 1)),
        size_(rounded(checked(scaled(own_.natural, scale), 0))),
        most_rows_(static_cast<int>(
            std::clamp<std::int64_t>(kDrawnAtOnce / size_.width, 1, kLongestSurface))) {}

  SvgDrawing(const SvgDrawing&) = delete;
  SvgDrawing& operator=(const SvgDrawing&) = delete;

  [[nodiscard]] Size size() const { return size_; }

  // Called by libvips.
  static int generate(VipsRegion* out, void*, void*, void* drawing, gboolean*) {
    return fill_part("svg", [&] { static_cast<SvgDrawing*>(drawing)->fill(out); });
  }

  // Called by libvips when nothing uses the image any more.
  static void drop(VipsImage*, void* drawing) { delete static_cast<SvgDrawing*>(drawing); }

 private:
  void fill(VipsRegion* out) {
    const MutexLock lock(mutex_);
    const VipsRect& part = out->valid;
    for (int y = part.top; y < VIPS_RECT_BOTTOM(&part); ++y) {
      if (y < top_ || y >= top_ + rows_) draw_from(y);
      to_rgba(pixels_.data() + place(part.left, y), static_cast<std::size_t>(part.width),
              VIPS_REGION_ADDR(out, part.left, y));
    }
  }

  [[nodiscard]] std::size_t place(int x, int y) const IMAGESERVER_REQUIRES(mutex_) {
    return static_cast<std::size_t>(y - top_) * static_cast<std::size_t>(size_.width) +
           static_cast<std::size_t>(x);
  }

  void draw_from(int top) IMAGESERVER_REQUIRES(mutex_) {
    const int rows = std::min(most_rows_, size_.height - top);
    top_ = top;
    rows_ = 0;  // until all are drawn
    pixels_.assign(static_cast<std::size_t>(area({size_.width, rows})), 0);
    for (int left = 0; left < size_.width; left += kLongestSurface)
      draw_part(left, {std::min(kLongestSurface, size_.width - left), rows});
    rows_ = rows;
  }

  void draw_part(int left, Size part) IMAGESERVER_REQUIRES(mutex_) {
    auto* const pixels = reinterpret_cast<unsigned char*>(pixels_.data() + place(left, top_));
    const int stride = size_.width * static_cast<int>(sizeof(std::uint32_t));
    const Surface surface(cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_ARGB32,
                                                              part.width, part.height, stride));
    const Context context(cairo_create(surface.get()));
    cairo_translate(context.get(), -left, -top_);
    // All pixels are filled, although the sides are rounded.
    cairo_scale(context.get(), size_.width / viewport_.width, size_.height / viewport_.height);
    const RsvgRectangle viewport{0, 0, viewport_.width, viewport_.height};
    GlibError error;
    const bool drawn = rsvg_handle_render_document(handle_.get(), context.get(), &viewport,
                                                   error.place()) != FALSE;
    cairo_surface_flush(surface.get());
    if (!drawn || cairo_status(context.get()) != CAIRO_STATUS_SUCCESS)
      throw vips::VError("the drawing failed");
  }

  const Handle handle_;
  const DrawingSize own_;
  const RealSize viewport_;
  const Size size_;
  const int most_rows_;
  Mutex mutex_;
  int top_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
  int rows_ IMAGESERVER_GUARDED_BY(mutex_) = 0;  // that are drawn, from `top_` on
  std::vector<std::uint32_t> pixels_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace

Header load_svg_header(std::string_view file) {
  const Handle handle = opened(file);
  const RealSize natural = size_of(handle.get()).natural;
  return {.type = FileType::kSvg, .stored = rounded(natural), .alpha = true, .natural = natural};
}

VImage load_svg(std::string_view file, const Pages& /*pages*/, double scale) {
  auto drawing = std::make_unique<SvgDrawing>(opened(file), scale);
  const VImage image(vips_image_new());
  VipsImage* const raw = image.get_image();
  vips_image_init_fields(raw, drawing->size().width, drawing->size().height, kBands,
                         VIPS_FORMAT_UCHAR, VIPS_CODING_NONE, VIPS_INTERPRETATION_sRGB, 1, 1);
  SvgDrawing* const kept = drawing.release();
  g_signal_connect(raw, "postclose", G_CALLBACK(SvgDrawing::drop), kept);
  if (vips_image_pipelinev(raw, VIPS_DEMAND_STYLE_THINSTRIP, nullptr) != 0 ||
      vips_image_generate(raw, nullptr, SvgDrawing::generate, nullptr, nullptr, kept) != 0) {
    throw vips::VError();
  }
  return image;
}

}  // namespace imageserver
