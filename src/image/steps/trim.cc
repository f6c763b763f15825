#include "image/steps/trim.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace imageserver {
namespace {

using vips::VImage;

using Row = std::span<const std::uint8_t>;

// Tells which pixels belong to a border that begins with the pixel `first`.
//
// Without alpha the values are compared, band by band. With alpha two pixels are alike if they look
// alike on any ground, so that the colour of a pixel counts as much as one sees of it: what is
// compared is the alpha, and each colour times its alpha.
class Border {
 public:
  Border(Row first, bool alpha, double threshold)
      : first_(first.begin(), first.end()),
        bands_(first.size()),
        alpha_(alpha),
        most_(static_cast<int>(threshold)),
        most_weighed_(static_cast<int>(threshold * kOpaque)) {}

  // The place of the first pixel in `row`, from `from` on and before `end`, that is none of the
  // border; `end` if there is none.
  [[nodiscard]] int first_other(Row row, int from, int end) const {
    while (from < end && contains(row, from)) ++from;
    return from;
  }

  // The place behind the last such pixel; `from` if there is none.
  [[nodiscard]] int behind_last_other(Row row, int from, int end) const {
    while (from < end && contains(row, end - 1)) --end;
    return end;
  }

 private:
  static constexpr int kOpaque = 255;

  [[nodiscard]] bool contains(Row row, int x) const {
    const Row pixel = row.subspan(static_cast<std::size_t>(x) * bands_, bands_);
    return alpha_ ? looks_alike(pixel) : is_alike(pixel);
  }

  [[nodiscard]] bool is_alike(Row pixel) const {
    for (std::size_t band = 0; band < bands_; ++band) {
      if (std::abs(pixel[band] - first_[band]) > most_) return false;
    }
    return true;
  }

  [[nodiscard]] bool looks_alike(Row pixel) const {
    const int alpha = pixel[bands_ - 1];
    const int own = first_[bands_ - 1];
    if (std::abs(alpha - own) > most_) return false;
    for (std::size_t band = 0; band + 1 < bands_; ++band) {
      if (std::abs(pixel[band] * alpha - first_[band] * own) > most_weighed_) return false;
    }
    return true;
  }

  std::vector<std::uint8_t> first_;
  std::size_t bands_;
  bool alpha_;
  int most_;
  int most_weighed_;
};

// The rows of a picture in memory, which are not copied.
class Rows {
 public:
  explicit Rows(const VImage& image)
      : region_(vips::VRegion::new_from_image(image)),
        width_(image.width()),
        length_(static_cast<std::size_t>(image.width()) * static_cast<std::size_t>(image.bands())) {
  }

  // Valid until the next call.
  [[nodiscard]] Row at(int y) const {
    region_.prepare(0, y, width_, 1);
    return {VIPS_REGION_ADDR(region_.get_region(), 0, y), length_};
  }

 private:
  vips::VRegion region_;
  int width_;
  std::size_t length_;
};

class Search {
 public:
  Search(const VImage& image, double threshold, const std::stop_token& stop)
      : rows_(image),
        size_{image.width(), image.height()},
        border_(rows_.at(0).first(static_cast<std::size_t>(image.bands())), image.has_alpha(),
                threshold),
        stop_(stop) {}

  [[nodiscard]] Box box() const {
    int top = 0;
    while (top < size_.height && is_of_border(top)) ++top;
    if (top == size_.height) return whole_of(size_);
    int bottom = size_.height;
    while (is_of_border(bottom - 1)) --bottom;
    int left = size_.width;
    int right = 0;
    for (int y = top; y < bottom; ++y) {
      const Row row = row_at(y);
      left = border_.first_other(row, 0, left);
      right = border_.behind_last_other(row, right, size_.width);
    }
    return {left, top, {right - left, bottom - top}};
  }

 private:
  [[nodiscard]] Row row_at(int y) const {
    if (stop_.stop_requested()) throw vips::VError("stopped");
    return rows_.at(y);
  }

  [[nodiscard]] bool is_of_border(int y) const {
    return border_.first_other(row_at(y), 0, size_.width) == size_.width;
  }

  Rows rows_;
  Size size_;
  Border border_;
  const std::stop_token& stop_;
};

}  // namespace

Box without_border(const VImage& image, double threshold, const std::stop_token& stop) {
  return Search(image, threshold, stop).box();
}

Box united(const Box& a, const Box& b) {
  const int left = std::min(a.left, b.left);
  const int top = std::min(a.top, b.top);
  const int right = std::max(a.left + a.size.width, b.left + b.size.width);
  const int bottom = std::max(a.top + a.size.height, b.top + b.size.height);
  return {left, top, {right - left, bottom - top}};
}

}  // namespace imageserver
