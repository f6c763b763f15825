#include "image/direct/direct.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "image/codec/encode.h"
#include "image/direct/jpeg_encode.h"
#include "image/direct/webp_planes.h"
#include "image/plan/asked.h"
#include "image/plan/load_scale.h"
#include "image/resample/plane_scaler.h"

namespace imageserver {
namespace {

// libvips leaves chroma alone from this quality on, and halves it below.
constexpr int kFullChromaQuality = 90;

bool is_jpeg(const DirectJob& job) { return job.header.type == FileType::kJpeg; }

bool encodes_planes(const DirectJob& job) {
  return job.format == Format::kJpeg || (job.format == Format::kWebp && !job.spec.lossless);
}

bool is_srgb(const DirectJob& job) { return job.header.is_srgb; }

bool keeps_nothing(const DirectJob& job) {
  if (job.spec.strip) return *job.spec.strip || !job.header.has_metadata;
  return !job.header.has_copyright;
}

bool only_shrinks(const DirectJob& job) {
  const auto& [x, y] = job.layout.plan;
  return x.scaled <= x.length && y.scaled <= y.length;
}

bool lies_straight(const DirectJob& job) { return job.layout.rotation == 0; }

bool fills_canvas(const DirectJob& job) { return job.layout.canvas.size == job.layout.picture; }

bool is_cut_by_numbers(const DirectJob& job) {
  return !job.layout.interest_before && !job.layout.interest_after;
}

// Whether the spec asks only for what the direct way does. A field belongs here only once the
// planes come out as the field says. A request that uses any other field, also a new one, does not
// go directly.
bool asks_for_nothing_else(const DirectJob& job) {
  using Spec = TransformSpec;
  return asks_only_for(job.spec, &Spec::source,
                       // The layout follows these.
                       &Spec::page, &Spec::frames, &Spec::orient, &Spec::crop, &Spec::flip,
                       &Spec::rotation, &Spec::interpolation, &Spec::width, &Spec::height,
                       &Spec::dpr, &Spec::mode, &Spec::enlarge, &Spec::gravity,
                       // A JPEG has no alpha, so it hides its background.
                       &Spec::background,
                       // `job.format`, its encoder and keeps_nothing() follow these.
                       &Spec::format, &Spec::auto_format, &Spec::quality, &Spec::colors,
                       &Spec::lossless, &Spec::progressive, &Spec::strip);
}

// All that must hold for this way to be taken.
constexpr auto kCovered = std::to_array<bool (*)(const DirectJob&)>({
    is_jpeg,                // what is read
    encodes_planes,         // what is written
    asks_for_nothing_else,  // what is asked for
    is_srgb,                // colours stay what they are
    keeps_nothing,          // metadata are left out
    only_shrinks,           // nothing is made larger
    is_cut_by_numbers,      // and not by looking at pixels
    lies_straight,          // flips and quarter turns alone
    fills_canvas,           // nothing is put around it
});

int quality_of(const DirectJob& job) {
  return job.spec.quality.value_or(default_quality(job.format));
}

Subsampling wanted_chroma(const DirectJob& job) {
  const bool full = job.format == Format::kJpeg && quality_of(job) >= kFullChromaQuality;
  return full ? Subsampling{1, 1} : Subsampling{2, 2};
}

// A decoder that shrinks rounds sides up: its last sample may be the mean of pixels and of what the
// file has beyond its edge. Among so many samples a side that is not seen.
constexpr int kEnoughSamples = 16;

bool has_enough_samples(Size size, const Subsampling& chroma, int shrink) {
  return size.width >= kEnoughSamples * chroma.across * shrink &&
         size.height >= kEnoughSamples * chroma.down * shrink;
}

// By how much the decoder shrinks: as load_scale() says for libvips, but less if chroma, which may
// have fewer samples, would be left with too few of them.
int shrink_of(const DirectJob& job, const Subsampling& stored) {
  const auto usual =
      static_cast<int>(std::lround(1 / load_scale(job.header, job.layout, job.spec, 0)));
  const Subsampling wanted = wanted_chroma(job);
  const int coarser = std::max({1, stored.across / wanted.across, stored.down / wanted.down});
  int shrink = std::max(1, usual / coarser);
  while (shrink > 1 && !has_enough_samples(job.header.stored, stored, shrink)) shrink /= 2;
  return shrink;
}

// libjpeg interpolates chroma that is halved across only where it has more samples than this a row.
constexpr int kFewSamples = 2;

// One side of a plane: how many samples it has, and of how many pixels of the stored picture each
// is the mean. If the plane was decoded at its stored size, the pixels between samples are
// interpolated as decoders do. If it was decoded smaller, they are not, as that would only blur it.
struct Side {
  int samples;
  int subsampling;
  int shrink;
  bool smooth;

  [[nodiscard]] int pixels_a_sample() const { return shrink == 1 ? subsampling : 1; }
  [[nodiscard]] double pixel() const { return shrink == 1 ? 1 : subsampling * shrink; }
};

// `begin` is where the plan's source begins in the stored picture; `pitch` is how far apart the
// samples of the result are, in pixels.
Sampling sampling_of(const Axis& axis, int begin, bool mirrored, const Side& from, int pitch) {
  const double factor = static_cast<double>(axis.length) / axis.scaled;
  const double middle = pitch / 2.0;
  const double place = axis.offset + (mirrored ? axis.size - middle : middle);
  const double start = begin + axis.start;
  const double end = start + axis.length;
  const int pixels = from.samples * from.pixels_a_sample();
  const int count = (axis.size + pitch - 1) / pitch;
  const int of_last = axis.size - (count - 1) * pitch;
  return {.first = (start + place * factor) / from.pixel() - 0.5,
          .step = (mirrored ? -1 : 1) * pitch * factor / from.pixel(),
          .count = count,
          .low = static_cast<int>(std::floor(start / from.pixel())),
          .high = std::min(pixels, static_cast<int>(std::ceil(end / from.pixel()))),
          .last_share = static_cast<double>(of_last) / pitch,
          .pixels_a_sample = from.pixels_a_sample(),
          .smooth = from.smooth,
          .samples = from.samples};
}

// Luma alone is the same picture then, in fewer bytes.
bool has_no_colour(const BytePlane& chroma) {
  constexpr std::uint8_t kNone = 128;
  for (int y = 0; y < chroma.size().height; ++y) {
    const std::span row(chroma.row(y), static_cast<std::size_t>(chroma.size().width));
    if (std::ranges::any_of(row, [](std::uint8_t sample) { return sample != kNone; })) return false;
  }
  return true;
}

class PlanesRenderer {
 public:
  PlanesRenderer(const DirectJob& job, Subsampling stored_chroma, int shrink)
      : layout_(job.layout),
        stored_chroma_(stored_chroma),
        chroma_(wanted_chroma(job)),
        shrink_(shrink),
        studio_(job.format == Format::kWebp) {}

  [[nodiscard]] Planes render(const Planes& decoded) const {
    Planes result{layout_.picture, chroma_, {}};
    const std::vector<BytePlane>& planes = decoded.planes;
    result.planes.push_back(seen(scaler(planes[0].size(), false).scale(planes[0])));
    if (decoded.is_grey()) return result;
    const PlaneScaler scaler_of_chroma = scaler(planes[1].size(), true);
    BytePlane blue = scaler_of_chroma.scale(planes[1]);
    BytePlane red = scaler_of_chroma.scale(planes[2]);
    if (has_no_colour(blue) && has_no_colour(red)) return result;
    result.planes.push_back(seen(std::move(blue)));
    result.planes.push_back(seen(std::move(red)));
    return result;
  }

 private:
  [[nodiscard]] PlaneScaler scaler(Size plane, bool is_chroma) const {
    const Subsampling from = is_chroma ? stored_chroma_ : Subsampling{};
    const Subsampling to = is_chroma ? chroma_ : Subsampling{};
    const Box origin = layout_.turn.undone({0, 0, {1, 1}}, {2, 2});
    const bool smooth = from.across != 2 || plane.width > kFewSamples;
    const auto& [x, y] = layout_.plan;
    return {sampling_of(x, layout_.cut.left, origin.left > 0,
                        {plane.width, from.across, shrink_, smooth}, to.across),
            sampling_of(y, layout_.cut.top, origin.top > 0,
                        {plane.height, from.down, shrink_, smooth}, to.down),
            levels(is_chroma)};
  }

  [[nodiscard]] BytePlane seen(BytePlane plane) const {
    return layout_.turn.swaps_sides() ? transposed(plane) : std::move(plane);
  }

  [[nodiscard]] Levels levels(bool is_chroma) const {
    if (!studio_) return {};
    return is_chroma ? kStudioChroma : kStudioLuma;
  }

  const Layout& layout_;
  const Subsampling stored_chroma_;
  const Subsampling chroma_;
  const int shrink_;
  const bool studio_;
};

}  // namespace

bool goes_directly(const DirectJob& job) {
  return std::ranges::all_of(kCovered, [&](const auto holds) { return holds(job); });
}

std::optional<Planes> render_directly(const DirectJob& job, const std::stop_token& stop) {
  if (!goes_directly(job)) return std::nullopt;
  const std::optional<JpegLayout> stored = read_jpeg_layout(job.source.view());
  if (!stored || stored->size != job.header.stored) return std::nullopt;
  const int shrink = shrink_of(job, stored->chroma);
  const std::optional<Planes> decoded = decode_jpeg(job.source.view(), *stored, shrink);
  if (!decoded || stop.stop_requested()) return std::nullopt;
  return PlanesRenderer(job, stored->chroma, shrink).render(*decoded);
}

std::optional<Bytes> encode_directly(const DirectJob& job, const std::stop_token& stop) {
  std::optional<Planes> planes = render_directly(job, stop);
  if (!planes || stop.stop_requested()) return std::nullopt;
  if (job.format == Format::kWebp) return encode_webp(*planes, quality_of(job));
  return encode_jpeg(*planes, quality_of(job), job.spec.progressive);
}

}  // namespace imageserver
