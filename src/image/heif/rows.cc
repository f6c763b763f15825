#include "image/heif/rows.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace imageserver {
namespace {

constexpr float kNear = 0.75F;
constexpr float kFar = 0.25F;

template <class Sample>
void widen_samples(const Sample* samples, HeifRow& to) {
  float* const out = to.data();
  const std::size_t count = to.size();
  for (std::size_t i = 0; i < count; ++i) out[i] = samples[i];
}

// The loops see plain pointers, so that they are compiled for several numbers at once.
template <class Level>
void store_channel(const float* from, std::size_t count, std::size_t bands, Level* to) {
  constexpr float kMost = std::numeric_limits<Level>::max();
  for (std::size_t i = 0; i < count; ++i) {
    const float level = std::min(std::max(from[i] + 0.5F, 0.0F), kMost);
    to[i * bands] = static_cast<Level>(static_cast<std::int32_t>(level));
  }
}

template <class Level>
void store_levels(std::span<const HeifRow* const> channels, int first, std::span<Level> to) {
  const std::size_t bands = channels.size();
  for (std::size_t band = 0; band < bands; ++band)
    store_channel(channels[band]->data() + first, to.size() / bands, bands, to.data() + band);
}

}  // namespace

void widen(const std::uint8_t* samples, int bits, HeifRow& to) {
  if (bits <= 8) {
    widen_samples(samples, to);
  } else {
    widen_samples(reinterpret_cast<const std::uint16_t*>(samples), to);
  }
}

void blend(const HeifRow& near, const HeifRow& far, HeifRow& to) {
  const float* const a = near.data();
  const float* const b = far.data();
  float* const out = to.data();
  const std::size_t count = to.size();
  for (std::size_t i = 0; i < count; ++i) out[i] = kNear * a[i] + kFar * b[i];
}

void spread(const HeifRow& half, HeifRow& to) {
  const float* const in = half.data();
  float* const out = to.data();
  const std::size_t count = to.size();
  const std::size_t last = half.size() - 1;
  out[0] = in[0];
  if (count % 2 == 0) out[count - 1] = in[last];
  for (std::size_t i = 0; i < last; ++i) {
    out[2 * i + 1] = kNear * in[i] + kFar * in[i + 1];
    out[2 * i + 2] = kFar * in[i] + kNear * in[i + 1];
  }
}

void weigh(const ChannelWeights& weights, const HeifRow& y, const HeifRow& cb, const HeifRow& cr,
           HeifRow& to) {
  const float* const a = y.data();
  const float* const b = cb.data();
  const float* const c = cr.data();
  float* const out = to.data();
  const std::size_t count = to.size();
  const ChannelWeights w = weights;
  for (std::size_t i = 0; i < count; ++i)
    out[i] = w.y * a[i] + w.cb * b[i] + w.cr * c[i] + w.offset;
}

void weigh(const ChannelWeights& weights, const HeifRow& y, HeifRow& to) {
  const float* const a = y.data();
  float* const out = to.data();
  const std::size_t count = to.size();
  const ChannelWeights w = weights;
  for (std::size_t i = 0; i < count; ++i) out[i] = w.y * a[i] + w.offset;
}

void unmultiply(const HeifRow& alpha, float largest, HeifRow& channel) {
  const float* const a = alpha.data();
  float* const out = channel.data();
  const std::size_t count = channel.size();
  for (std::size_t i = 0; i < count; ++i) out[i] = a[i] > 0 ? out[i] * largest / a[i] : 0.0F;
}

void store(std::span<const HeifRow* const> channels, int first, std::span<std::uint8_t> to) {
  store_levels(channels, first, to);
}

void store(std::span<const HeifRow* const> channels, int first, std::span<std::uint16_t> to) {
  store_levels(channels, first, to);
}

}  // namespace imageserver
