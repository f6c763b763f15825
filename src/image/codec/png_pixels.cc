#include "image/codec/png_pixels.h"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

namespace imageserver {
namespace {

constexpr std::size_t kMostColours = 256;

// A pixel as an entry of a palette. All that is fully transparent is one entry.
std::uint32_t entry_of(const std::uint8_t* pixel, int bands) {
  const std::uint32_t alpha = bands % 2 == 0 ? pixel[bands - 1] : 255;
  if (alpha == 0) return 0;
  const std::uint32_t green = bands < 3 ? pixel[0] : pixel[1];
  const std::uint32_t blue = bands < 3 ? pixel[0] : pixel[2];
  return alpha << 24U | blue << 16U | green << 8U | pixel[0];
}

std::uint32_t luma_of(std::uint32_t entry) {
  return 299 * (entry & 255U) + 587 * (entry >> 8U & 255U) + 114 * (entry >> 16U & 255U);
}

// The colours of a picture, as long as there are few of them.
class Colours {
 public:
  // Whether there are few of them still.
  bool add(std::uint32_t entry) {
    Slot& slot = slot_of(entry);
    if (slot.number >= 0) return true;
    if (entries_.size() == kMostColours) return false;
    slot = {entry, static_cast<int>(entries_.size())};
    entries_.push_back(entry);
    return true;
  }

  // Colours that look alike get numbers that lie together, so that filters find little between
  // them. Those that are not opaque come first, as the table of alphas ends with the last of them.
  [[nodiscard]] std::vector<std::uint32_t> in_order() {
    std::ranges::sort(entries_, {}, [](std::uint32_t entry) {
      return std::tuple(entry >> 24U, luma_of(entry), entry);
    });
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      slot_of(entries_[i]).number = static_cast<int>(i);
    }
    return entries_;
  }

  // REQUIRES: it was added.
  [[nodiscard]] std::uint8_t number_of(std::uint32_t entry) {
    return static_cast<std::uint8_t>(slot_of(entry).number);
  }

 private:
  struct Slot {
    std::uint32_t entry = 0;
    int number = -1;
  };

  // Four times as many as there are colours, so there is always a free one near.
  static constexpr unsigned kBits = 10;

  Slot& slot_of(std::uint32_t entry) {
    std::size_t at = entry * 2654435769U >> (32U - kBits);
    while (slots_.at(at).number >= 0 && slots_.at(at).entry != entry) at = (at + 1) % slots_.size();
    return slots_.at(at);
  }

  std::array<Slot, 1U << kBits> slots_;
  std::vector<std::uint32_t> entries_;
};

class Packer {
 public:
  explicit Packer(const RasterView& raster) : raster_(raster), bands_(raster.bands) {}

  [[nodiscard]] PngPixels pack() {
    PngPixels pixels = best_of(choices());
    pixels.row_bytes = bytes_a_row(bits_of(pixels));
    const std::size_t stride = PngPixels::kMargin + pixels.row_bytes;
    pixels.bytes.resize(stride * static_cast<std::size_t>(raster_.size.height));
    for (int y = 0; y < raster_.size.height; ++y) {
      std::uint8_t* const to =
          pixels.bytes.data() + stride * static_cast<std::size_t>(y) + PngPixels::kMargin;
      fill(pixels, y, to, y == 0 ? nullptr : to - stride);
    }
    return pixels;
  }

 private:
  [[nodiscard]] const std::uint8_t* row(int y) const {
    return raster_.pixels.data() +
           static_cast<std::size_t>(y) * width() * static_cast<std::size_t>(bands_);
  }

  [[nodiscard]] std::size_t width() const { return static_cast<std::size_t>(raster_.size.width); }

  template <class Holds>
  [[nodiscard]] bool all_pixels(Holds holds) const {
    const auto bands = static_cast<std::size_t>(bands_);
    for (std::size_t at = 0; at < raster_.pixels.size(); at += bands) {
      if (!holds(&raster_.pixels[at])) return false;
    }
    return true;
  }

  [[nodiscard]] bool has_alpha() const { return bands_ % 2 == 0; }

  [[nodiscard]] bool is_opaque() const {
    if (!has_alpha()) return true;
    return all_pixels(
        [last = bands_ - 1](const std::uint8_t* pixel) { return pixel[last] == 255; });
  }

  [[nodiscard]] bool is_grey() const {
    if (bands_ < 3) return true;
    return all_pixels([alpha = has_alpha()](const std::uint8_t* pixel) {
      return (pixel[0] == pixel[1] && pixel[1] == pixel[2]) || (alpha && pixel[3] == 0);
    });
  }

  [[nodiscard]] bool has_few_colours() {
    std::uint32_t last = 0;
    return all_pixels([&, first = true](const std::uint8_t* pixel) mutable {
      const std::uint32_t entry = entry_of(pixel, bands_);
      if (!std::exchange(first, false) && entry == last) return true;
      last = entry;
      return colours_.add(entry);
    });
  }

  // The fewest bits in which all levels are those of the scale from black to white.
  [[nodiscard]] int grey_depth(std::span<const std::uint32_t> colours) const {
    for (const int depth : {1, 2, 4}) {
      const std::uint32_t step = 255U / ((1U << static_cast<unsigned>(depth)) - 1);
      const auto is_level = [step](std::uint32_t entry) { return (entry & 255U) % step == 0; };
      if (std::ranges::all_of(colours, is_level)) return depth;
    }
    return 8;
  }

  static int palette_depth(std::size_t colours) {
    for (const int depth : {1, 2, 4}) {
      if (colours <= std::size_t{1} << static_cast<unsigned>(depth)) return depth;
    }
    return 8;
  }

  [[nodiscard]] std::vector<PngPixels> choices() {
    const bool opaque = is_opaque();
    const bool grey = is_grey();
    std::vector<std::uint32_t> colours;
    if (has_few_colours()) colours = colours_.in_order();
    std::vector<PngPixels> all;
    const auto add = [&](PngColour colour, int depth) -> PngPixels& {
      return all.emplace_back(PngPixels{raster_.size, colour, depth, {}, 0, {}});
    };
    if (grey && opaque) add(PngColour::kGrey, colours.empty() ? 8 : grey_depth(colours));
    if (grey && !opaque) add(PngColour::kGreyAlpha, 8);
    if (!grey) add(opaque ? PngColour::kRgb : PngColour::kRgba, 8);
    if (!colours.empty()) {
      add(PngColour::kPalette, palette_depth(colours.size())).palette = std::move(colours);
    }
    return all;
  }

  static int bits_of(const PngPixels& pixels) {
    constexpr std::array<int, 7> kSamples{1, 0, 3, 1, 2, 0, 4};
    return pixels.depth * kSamples.at(static_cast<std::size_t>(pixels.colour));
  }

  [[nodiscard]] std::size_t bytes_a_row(int bits) const {
    return (width() * static_cast<std::size_t>(bits) + 7) / 8;
  }

  // Before it is deflated. Three bytes and maybe a fourth for each colour, in two chunks.
  [[nodiscard]] std::size_t cost_of(const PngPixels& pixels) const {
    constexpr std::size_t kChunk = 12;
    const std::size_t palette = pixels.palette.size();
    return bytes_a_row(bits_of(pixels)) * static_cast<std::size_t>(raster_.size.height) +
           (palette == 0 ? 0 : palette * (has_alpha() ? 4 : 3) + 2 * kChunk);
  }

  // The first of those that cost the same.
  [[nodiscard]] PngPixels best_of(std::vector<PngPixels> all) const {
    return std::move(*std::ranges::min_element(
        all, {}, [this](const PngPixels& pixels) { return cost_of(pixels); }));
  }

  // `above` is the row above as it is stored; null at the top.
  void fill(const PngPixels& pixels, int y, std::uint8_t* to, const std::uint8_t* above) {
    switch (pixels.colour) {
      case PngColour::kGrey:
        return fill_bits(pixels.depth, to, [&, from = row(y)](std::size_t x) {
          const unsigned level = from[x * static_cast<std::size_t>(bands_)];
          return level >> static_cast<unsigned>(8 - pixels.depth);
        });
      case PngColour::kPalette:
        return fill_bits(pixels.depth, to, [&, from = row(y)](std::size_t x) -> unsigned {
          return colours_.number_of(entry_of(from + x * static_cast<std::size_t>(bands_), bands_));
        });
      case PngColour::kRgb:
        return copy_bands(row(y), 3, to);
      case PngColour::kGreyAlpha:
      case PngColour::kRgba:
        return fill_with_alpha(row(y), pixels.colour == PngColour::kRgba ? 4 : 2, to, above);
    }
  }

  // Samples from left to right, the first one in the highest bits of its byte.
  template <class SampleAt>
  void fill_bits(int depth, std::uint8_t* to, SampleAt sample_at) const {
    const auto bits = static_cast<std::size_t>(depth);
    for (std::size_t x = 0; x < width(); ++x) {
      const std::size_t bit = x * bits;
      const unsigned sample = sample_at(x) << (8 - bits - bit % 8);
      to[bit / 8] = static_cast<std::uint8_t>(to[bit / 8] | sample);
    }
  }

  // The first bands of each pixel.
  void copy_bands(const std::uint8_t* from, std::size_t count, std::uint8_t* to) const {
    const auto bands = static_cast<std::size_t>(bands_);
    if (bands == count) {
      std::copy_n(from, width() * bands, to);
      return;
    }
    for (std::size_t x = 0; x < width(); ++x) std::copy_n(from + x * bands, count, to + x * count);
  }

  // What is transparent takes the colour above it, so that filters find no difference.
  void fill_with_alpha(const std::uint8_t* from, std::size_t count, std::uint8_t* to,
                       const std::uint8_t* above) const {
    const auto bands = static_cast<std::size_t>(bands_);
    for (std::size_t x = 0; x < width(); ++x, from += bands, to += count) {
      const std::uint8_t alpha = from[bands - 1];
      if (alpha != 0) {
        std::copy_n(from, count - 1, to);
      } else if (above != nullptr) {
        std::copy_n(above + x * count, count - 1, to);
      }
      to[count - 1] = alpha;
    }
  }

  RasterView raster_;
  int bands_;
  Colours colours_;
};

}  // namespace

std::size_t PngPixels::pixel_bytes() const {
  switch (colour) {
    case PngColour::kRgb:
      return 3;
    case PngColour::kGreyAlpha:
      return 2;
    case PngColour::kRgba:
      return 4;
    default:
      return 1;
  }
}

const std::uint8_t* PngPixels::row(int y) const {
  return bytes.data() + (kMargin + row_bytes) * static_cast<std::size_t>(y) + kMargin;
}

PngPixels png_pixels(const RasterView& raster) { return Packer(raster).pack(); }

}  // namespace imageserver
