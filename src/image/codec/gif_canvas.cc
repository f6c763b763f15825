#include "image/codec/gif_canvas.h"

#include <algorithm>

#include "image/codec/lzw_decode.h"

namespace imageserver {
namespace {

using Pixel = GifCanvas::Pixel;
using Colours = std::array<Pixel, 256>;

constexpr std::uint8_t kOpaque = 255;

// Frames may be larger than their screen. How many pixels lie beyond it is bounded: in one frame,
// for the memory that they take; in all, for the time.
constexpr std::int64_t kMostHidden = 50'000'000;
constexpr std::int64_t kMostHiddenInAll = 200'000'000;

Error damaged_gif() { return {ErrorKind::kUnprocessable, "a damaged frame of a GIF"}; }

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

Colours colours_of(std::string_view palette) {
  Colours colours;
  colours.fill({0, 0, 0, kOpaque});
  const std::size_t count = std::min(colours.size(), palette.size() / 3);
  for (std::size_t i = 0; i < count; ++i) {
    colours[i] = {byte_at(palette, 3 * i), byte_at(palette, 3 * i + 1), byte_at(palette, 3 * i + 2),
                  kOpaque};
  }
  return colours;
}

// Every `step`-th row, beginning with `first`.
struct Pass {
  int first = 0;
  int step = 1;
};

constexpr auto kInterlaced = std::to_array<Pass>({{0, 8}, {4, 8}, {2, 4}, {1, 2}});
constexpr auto kInOrder = std::to_array<Pass>({{0, 1}});

std::span<const Pass> passes_of(const GifFrame& frame) {
  return frame.interlaced ? std::span<const Pass>(kInterlaced) : kInOrder;
}

void paint_row(std::span<const std::uint8_t> indices, const Colours& colours,
               std::optional<std::uint8_t> transparent, std::span<Pixel> to) {
  if (!transparent) {
    for (std::size_t x = 0; x < indices.size(); ++x) to[x] = colours[indices[x]];
    return;
  }
  for (std::size_t x = 0; x < indices.size(); ++x) {
    if (indices[x] != *transparent) to[x] = colours[indices[x]];
  }
}

}  // namespace

GifCanvas::GifCanvas(const GifFile& file)
    : file_(file), pixels_(static_cast<std::size_t>(area(file.screen))) {}

std::optional<Error> GifCanvas::draw_next() {
  if (drawn_ > 0) dispose();
  const GifFrame& frame = file_.frames[static_cast<std::size_t>(drawn_)];
  ++drawn_;
  const Part part = visible(frame);
  if (area(part.size) == 0) return std::nullopt;
  if (frame.disposal == Disposal::kBringBack) keep_for_later(part);
  const int rows = frame.interlaced ? frame.size.height : part.size.height;
  const std::optional<std::size_t> decoded = decode(frame, rows);
  if (!decoded) return damaged_gif();
  paint(frame, part, *decoded);
  return std::nullopt;
}

void GifCanvas::start_over() {
  drawn_ = 0;
  std::ranges::fill(pixels_, Pixel{});
}

std::span<const Pixel> GifCanvas::row(int y) const {
  const auto width = static_cast<std::size_t>(file_.screen.width);
  return std::span(pixels_).subspan(static_cast<std::size_t>(y) * width, width);
}

bool GifCanvas::is_opaque() const {
  return std::ranges::all_of(pixels_, [](const Pixel& pixel) { return pixel[3] == kOpaque; });
}

GifCanvas::Part GifCanvas::visible(const GifFrame& frame) const {
  return {frame.left,
          frame.top,
          {std::clamp(file_.screen.width - frame.left, 0, frame.size.width),
           std::clamp(file_.screen.height - frame.top, 0, frame.size.height)}};
}

std::span<Pixel> GifCanvas::pixels_at(const Part& part, int y) {
  const auto width = static_cast<std::size_t>(file_.screen.width);
  return std::span(pixels_).subspan(
      static_cast<std::size_t>(part.top + y) * width + static_cast<std::size_t>(part.left),
      static_cast<std::size_t>(part.size.width));
}

// Does to the last frame's place what its disposal says.
void GifCanvas::dispose() {
  const GifFrame& last = file_.frames[static_cast<std::size_t>(drawn_ - 1)];
  const Part part = visible(last);
  if (last.disposal == Disposal::kKeep || area(part.size) == 0) return;
  auto from = before_.cbegin();
  for (int y = 0; y < part.size.height; ++y) {
    const std::span<Pixel> to = pixels_at(part, y);
    if (last.disposal == Disposal::kClear) {
      std::ranges::fill(to, Pixel{});
    } else {
      std::copy_n(from, to.size(), to.begin());
      from += part.size.width;
    }
  }
}

void GifCanvas::keep_for_later(const Part& part) {
  before_.clear();
  before_.reserve(static_cast<std::size_t>(area(part.size)));
  for (int y = 0; y < part.size.height; ++y) {
    const std::span<Pixel> row = pixels_at(part, y);
    before_.insert(before_.end(), row.begin(), row.end());
  }
}

// The indices of the first rows, in the order in which they are stored; how many there are. None if
// they are damaged.
std::optional<std::size_t> GifCanvas::decode(const GifFrame& frame, int rows) {
  const std::int64_t all = area({frame.size.width, rows});
  const std::int64_t hidden = std::max<std::int64_t>(all - area(file_.screen), 0);
  hidden_ += hidden;
  if (hidden > kMostHidden || hidden_ > kMostHiddenInAll) return std::nullopt;
  if (frame.code_size > kMostLzwCodeSize) return std::nullopt;
  indices_.resize(static_cast<std::size_t>(all));
  const LzwResult result = lzw_decode(frame.data, frame.code_size, indices_);
  return result.damaged ? std::nullopt : std::optional(result.size);
}

void GifCanvas::paint(const GifFrame& frame, const Part& part, std::size_t decoded) {
  const Colours colours = colours_of(frame.palette);
  const auto width = static_cast<std::size_t>(frame.size.width);
  const std::span<const std::uint8_t> indices(indices_.data(), decoded);
  std::size_t at = 0;
  for (const Pass& pass : passes_of(frame)) {
    for (int y = pass.first; y < frame.size.height && at < decoded; y += pass.step, at += width) {
      if (y >= part.size.height) continue;
      const std::span<Pixel> to = pixels_at(part, y);
      paint_row(indices.subspan(at, std::min(to.size(), decoded - at)), colours, frame.transparent,
                to);
    }
  }
}

}  // namespace imageserver
