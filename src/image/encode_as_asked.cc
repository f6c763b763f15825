#include "image/encode_as_asked.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "image/colour.h"
#include "image/decode.h"
#include "image/encode.h"
#include "image/guard.h"
#include "image/kill_switch.h"
#include "image/raster_io.h"
#include "image/similarity.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr int kLowestQuality = 1;

// Where quality=auto looks.
constexpr int kLowestAuto = 30;
constexpr int kHighestAuto = 95;

struct Encoded {
  int quality = 0;
  Bytes bytes;
};

// Of an animation the first frame: encoders leave out frames that repeat the one before.
Raster first_on_white(const VImage& image) {
  const int height = vips_image_get_page_height(image.get_image());
  return to_raster(flatten_on_white(image.extract_area(0, 0, image.width(), height)));
}

FileType type_of(Format format) {
  if (format == Format::kWebp) return FileType::kWebp;
  return format == Format::kAvif ? FileType::kAvif : FileType::kJpeg;
}

double similarity(const Raster& wanted, const Bytes& bytes, Format format) {
  const Header header = read_header(bytes, type_of(format));
  const Raster got = first_on_white(decode(bytes, header, {0, 1}, 1.0));
  return got.size == wanted.size ? structural_similarity(view(wanted), view(got)) : 0;
}

struct Bound {
  int quality;
  double size;  // bytes
};

// A file of quality 1 is about so many times smaller than a usual one.
constexpr double kUsualSpan = 12;

Bound bound(const Encoded& encoded) {
  return {encoded.quality, static_cast<double>(encoded.bytes.size())};
}

// The quality for that size, as sizes grow with a power of it; strictly between the two.
int between(const Bound& low, const Bound& high, double size) {
  const double part = std::log(size / low.size) / std::log(std::max(high.size / low.size, 1.001));
  const double quality =
      low.quality * std::pow(static_cast<double>(high.quality) / low.quality, part);
  return static_cast<int>(std::clamp<double>(quality, low.quality + 1, high.quality - 1));
}

class Search {
 public:
  Search(const VImage& image, Format format, const TransformSpec& spec, std::stop_token stop)
      : image_(image), format_(format), spec_(spec), stop_(std::move(stop)) {}

  [[nodiscard]] bool stopped() const { return stop_.stop_requested(); }

  [[nodiscard]] Encoded at(int quality) const {
    const KillSwitch kill(image_, stop_);
    return {quality, encode(image_, format_, quality, spec_)};
  }

  // The lowest quality that looks like the picture.
  [[nodiscard]] std::optional<Encoded> similar_enough() const {
    const Raster wanted = first_on_white(image_);
    int low = kLowestAuto;
    int high = kHighestAuto;
    std::optional<Encoded> found;
    std::optional<Encoded> nearest;
    for (int i = 0; i < kMostEncodes && low <= high && !stopped(); ++i) {
      Encoded tried = at(low + (high - low) / 2);
      if (similarity(wanted, tried.bytes, format_) >= kEnoughSimilarity) {
        high = tried.quality - 1;
        found = std::move(tried);
      } else {
        low = tried.quality + 1;
        nearest = std::move(tried);
      }
    }
    return found ? found : nearest;
  }

  // The highest quality found below that of `first`, which is too large, that fits. The last try,
  // if none has fitted, is the lowest of all: then there is nothing left to try.
  [[nodiscard]] std::optional<Encoded> small_enough(const Encoded& first, double most) const {
    Bound low{kLowestQuality, static_cast<double>(first.bytes.size()) / kUsualSpan};
    Bound high = bound(first);
    std::optional<Encoded> found;
    int i = 1;
    for (; i < kMostEncodes && high.quality - low.quality > 1 && !stopped(); ++i) {
      const bool last_chance = i + 1 == kMostEncodes && !found;
      Encoded tried = at(last_chance ? kLowestQuality : between(low, high, most));
      if (static_cast<double>(tried.bytes.size()) <= most) {
        low = bound(tried);
        found = std::move(tried);
      } else {
        high = bound(tried);
      }
    }
    const bool lowest_is_left = !found && i < kMostEncodes && high.quality > kLowestQuality;
    if (lowest_is_left && !stopped()) {
      Encoded lowest = at(kLowestQuality);
      if (static_cast<double>(lowest.bytes.size()) <= most) found = std::move(lowest);
    }
    return found;
  }

 private:
  const VImage& image_;
  const Format format_;
  const TransformSpec& spec_;
  const std::stop_token stop_;
};

std::optional<Encoded> first_try(const Search& search, Format format, const TransformSpec& spec) {
  if (spec.auto_quality && has_quality(format, spec)) return search.similar_enough();
  return search.at(spec.quality.value_or(default_quality(format)));
}

}  // namespace

Result<Bytes> encode_as_asked(const VImage& image, Format format, const TransformSpec& spec,
                              const std::stop_token& stop) {
  const bool searches = has_quality(format, spec) && (spec.auto_quality || spec.max_bytes);
  const VImage pixels = searches ? in_memory(image, stop) : image;
  const Search search(pixels, format, spec, stop);
  if (search.stopped()) return cancelled();
  std::optional<Encoded> encoded = first_try(search, format, spec);
  if (!encoded) return cancelled();
  const auto size = static_cast<std::int64_t>(encoded->bytes.size());
  if (!spec.max_bytes || size <= *spec.max_bytes) return std::move(encoded->bytes);
  std::optional<Encoded> smaller;
  if (searches) smaller = search.small_enough(*encoded, static_cast<double>(*spec.max_bytes));
  if (smaller) return std::move(smaller->bytes);
  if (search.stopped()) return cancelled();
  return Error{ErrorKind::kUnprocessable, "the picture cannot be made as small as max_bytes asks"};
}

}  // namespace imageserver
