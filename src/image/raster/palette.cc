#include "image/raster/palette.h"

#include <libimagequant.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stop_token>
#include <vector>

#include "base/cancelled.h"

// Of libgomp, which libimagequant is built with. Declared here, as not every compiler that builds
// us comes with its header.
extern "C" void omp_set_num_threads(int count);

namespace imageserver {
namespace {

struct Destroy {
  void operator()(liq_attr* attributes) const { liq_attr_destroy(attributes); }
  void operator()(liq_image* image) const { liq_image_destroy(image); }
  void operator()(liq_result* result) const { liq_result_destroy(result); }
};

using Attributes = std::unique_ptr<liq_attr, Destroy>;
using QuantImage = std::unique_ptr<liq_image, Destroy>;
using Quantisation = std::unique_ptr<liq_result, Destroy>;

constexpr std::size_t kRgba = 4;

Raster as_rgba(const RasterView& raster) {
  const auto bands = static_cast<std::size_t>(raster.bands);
  const std::size_t area = raster.pixels.size() / bands;
  Raster rgba{raster.size, kRgba, std::vector<std::uint8_t>(area * kRgba)};
  const std::uint8_t* from = raster.pixels.data();
  std::uint8_t* to = rgba.pixels.data();
  for (std::size_t i = 0; i < area; ++i, from += bands, to += kRgba) {
    const std::uint8_t alpha = bands == kRgba ? from[3] : 255;
    if (alpha == 0) continue;
    std::copy_n(from, 3, to);
    to[3] = alpha;
  }
  return rgba;
}

// Counts different colours until there are too many.
class ColourCounter {
 public:
  explicit ColourCounter(int most) : most_(most) {}

  // False once there are more than `most`.
  bool add(std::uint32_t colour) {
    std::size_t place = colour * kSpread >> (32 - kBits);
    while (used_[place] && slots_[place] != colour) place = (place + 1) % kSlots;
    if (used_[place]) return true;
    used_[place] = true;
    slots_[place] = colour;
    return ++count_ <= most_;
  }

 private:
  static constexpr unsigned kBits = 10;
  static constexpr std::size_t kSlots = std::size_t{1} << kBits;  // far more than 257
  static constexpr std::uint32_t kSpread = 2654435769;            // 2^32 over the golden ratio

  int most_;
  int count_ = 0;
  std::array<std::uint32_t, kSlots> slots_{};
  std::array<bool, kSlots> used_{};
};

bool has_at_most(const Raster& rgba, int colours) {
  ColourCounter counter(colours);
  for (std::size_t at = 0; at < rgba.pixels.size(); at += kRgba) {
    std::uint32_t colour = 0;
    std::memcpy(&colour, &rgba.pixels[at], kRgba);
    if (!counter.add(colour)) return false;
  }
  return true;
}

Error failed(const std::stop_token& stop) {
  if (stop.stop_requested()) return cancelled();
  return {ErrorKind::kInternal, "the picture's colours could not be reduced"};
}

// Called by libimagequant now and then, which stops when this returns 0.
int goes_on(float, void* stop) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 0 : 1;
}

// REQUIRES: `stop` outlives the result.
Quantisation make_palette(liq_attr* attributes, liq_image* image, std::stop_token& stop) {
  liq_attr_set_progress_callback(attributes, goes_on, &stop);
  liq_result* made = nullptr;
  if (liq_image_quantize(image, attributes, &made) != LIQ_OK) return nullptr;
  Quantisation result(made);
  liq_result_set_progress_callback(made, goes_on, &stop);
  if (liq_set_dithering_level(made, 1.0F) != LIQ_OK) return nullptr;
  return result;
}

void paint(Raster& rgba, const std::vector<std::uint8_t>& places, const liq_palette& palette) {
  std::uint8_t* to = rgba.pixels.data();
  for (const std::uint8_t place : places) {
    const liq_color& colour = palette.entries[place];
    *to++ = colour.a == 0 ? 0 : colour.r;
    *to++ = colour.a == 0 ? 0 : colour.g;
    *to++ = colour.a == 0 ? 0 : colour.b;
    *to++ = colour.a;
  }
}

// Makes a palette for the pixels, and gives each pixel a colour of it.
bool quantise(Raster& rgba, int colours, std::stop_token stop) {
  // The palette depends on the number of threads. This sets it for the calling thread alone.
  omp_set_num_threads(1);
  const Attributes attributes(liq_attr_create());
  if (!attributes || liq_set_max_colors(attributes.get(), colours) != LIQ_OK) return false;
  const QuantImage image(liq_image_create_rgba(attributes.get(), rgba.pixels.data(),
                                               rgba.size.width, rgba.size.height, 0));
  if (!image) return false;
  const Quantisation result = make_palette(attributes.get(), image.get(), stop);
  if (!result) return false;
  std::vector<std::uint8_t> places(rgba.pixels.size() / kRgba);
  if (liq_write_remapped_image(result.get(), image.get(), places.data(), places.size()) != LIQ_OK)
    return false;
  // Remapping changes the palette, so this must come after it.
  paint(rgba, places, *liq_get_palette(result.get()));
  return true;
}

}  // namespace

Result<Raster> reduce_colours(const RasterView& raster, int colours, const std::stop_token& stop) {
  Raster rgba = as_rgba(raster);
  if (!has_at_most(rgba, colours) && !quantise(rgba, colours, stop)) return failed(stop);
  return rgba;
}

}  // namespace imageserver
