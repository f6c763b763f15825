#include "image/codec/quality_search.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "image/codec/decode.h"
#include "image/codec/encode.h"
#include "image/colour/to_srgb.h"
#include "image/raster/similarity.h"
#include "image/vips/guard.h"
#include "image/vips/kill_switch.h"
#include "image/vips/raster_io.h"

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

double similarity(const Raster& wanted, const Bytes& bytes, Format format) {
  const Header header = read_header(bytes, file_type_of(format));
  const Raster got = first_on_white(decode(bytes, header, {0, 1}, 1.0));
  return got.size == wanted.size ? structural_similarity(view(wanted), view(got)) : 0;
}

struct Bound {
  int quality;
  double size;  // bytes
};

// A file of the lowest quality is about this many times smaller than one of a usual quality.
constexpr double kUsualSpan = 12;

Bound bound(const Encoded& encoded) {
  return {encoded.quality, static_cast<double>(encoded.bytes.size())};
}

// The quality at which a file probably has that size, as sizes grow with a power of the quality.
// Lies strictly between the two bounds.
int between(const Bound& low, const Bound& high, double size) {
  const double part = std::log(size / low.size) / std::log(std::max(high.size / low.size, 1.001));
  const double quality =
      low.quality * std::pow(static_cast<double>(high.quality) / low.quality, part);
  return static_cast<int>(std::clamp<double>(quality, low.quality + 1, high.quality - 1));
}

// One picture, and the encodes that are left for it.
class Search {
 public:
  Search(const VImage& image, Format format, const TransformSpec& spec, std::stop_token stop)
      : image_(image), format_(format), spec_(spec), stop_(std::move(stop)) {}

  [[nodiscard]] bool stopped() const { return stop_.stop_requested(); }

  [[nodiscard]] Encoded at(int quality) {
    --left_;
    const KillSwitch kill(image_, stop_);
    Encoded tried{quality, encode(image_, format_, quality, spec_)};
    if (fits(tried) && best_fit_.quality < quality) best_fit_ = tried;
    return tried;
  }

  [[nodiscard]] bool fits(const Encoded& tried) const {
    return !spec_.max_bytes || static_cast<std::int64_t>(tried.bytes.size()) <= *spec_.max_bytes;
  }

  // The lowest quality that looks like the picture, as far as is found while more encodes than
  // `kept` are left.
  [[nodiscard]] std::optional<Encoded> similar_enough(int kept) {
    const Raster wanted = first_on_white(image_);
    int low = kLowestAuto;
    int high = kHighestAuto;
    std::optional<Encoded> found;
    std::optional<Encoded> nearest;
    while (left_ > kept && low <= high && !stopped()) {
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

  // The highest quality found that fits, below that of `first`, which is too large. If nothing has
  // fitted before the last try, that try has the lowest quality: so none means that nothing fits.
  [[nodiscard]] std::optional<Encoded> small_enough(const Encoded& first) {
    const auto most = static_cast<double>(*spec_.max_bytes);
    Bound low{kLowestQuality, static_cast<double>(first.bytes.size()) / kUsualSpan};
    Bound high = bound(first);
    if (has_fit()) low = bound(best_fit_);
    while (left_ > 0 && high.quality > low.quality && !stopped()) {
      const bool next_to = high.quality - low.quality == 1;
      if (next_to && has_fit()) break;
      const bool lowest = next_to || (left_ == 1 && !has_fit());
      const Encoded tried = at(lowest ? kLowestQuality : between(low, high, most));
      (fits(tried) ? low : high) = bound(tried);
    }
    return has_fit() ? std::optional(best_fit_) : std::nullopt;
  }

 private:
  [[nodiscard]] bool has_fit() const { return best_fit_.quality >= kLowestQuality; }

  const VImage& image_;
  const Format format_;
  const TransformSpec& spec_;
  const std::stop_token stop_;
  int left_ = kMostEncodes;
  Encoded best_fit_{};  // the highest quality that has fitted; 0 as long as none has
};

std::optional<Encoded> first_try(Search& search, Format format, const TransformSpec& spec) {
  // A guess that may fit, and the lowest quality, which must be tried before it is said that none
  // does.
  constexpr int kForSize = 2;
  if (spec.auto_quality && has_quality(format, spec)) {
    return search.similar_enough(spec.max_bytes ? kForSize : 0);
  }
  return search.at(spec.quality.value_or(default_quality(format)));
}

}  // namespace

Result<Bytes> encode_to_fit(const VImage& image, Format format, const TransformSpec& spec,
                            const std::stop_token& stop) {
  const bool searches = has_quality(format, spec) && (spec.auto_quality || spec.max_bytes);
  const VImage pixels = searches ? in_memory(image, stop) : image;
  Search search(pixels, format, spec, stop);
  if (search.stopped()) return cancelled();
  std::optional<Encoded> encoded = first_try(search, format, spec);
  if (!encoded) return cancelled();
  if (search.fits(*encoded)) return std::move(encoded->bytes);
  std::optional<Encoded> smaller;
  if (searches) smaller = search.small_enough(*encoded);
  if (smaller) return std::move(smaller->bytes);
  if (search.stopped()) return cancelled();
  return Error{ErrorKind::kUnprocessable, "the picture cannot be made as small as max_bytes asks"};
}

}  // namespace imageserver
