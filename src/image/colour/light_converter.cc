#include "image/colour/light_converter.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "image/colour/srgb_curve.h"

namespace imageserver {
namespace {

constexpr std::size_t kLevels = 256;

// Of 16 bits every 16th value has an entry. Between entries curves are nearly straight.
constexpr std::size_t kStep = 16;
constexpr std::size_t kSteps = 65536 / kStep;

// Steps of light for which the encoded value is kept: in the dark, a fifth of a level each.
constexpr int kLightSteps = 16384;

std::vector<std::uint8_t> make_values() {
  std::vector<std::uint8_t> values;
  for (int i = 0; i <= kLightSteps; ++i) {
    const double value = srgb_of_light(static_cast<double>(i) / kLightSteps);
    values.push_back(static_cast<std::uint8_t>(std::lround(value * (kLevels - 1))));
  }
  return values;
}

const std::uint8_t* values_of_light() {
  static const std::vector<std::uint8_t> values = make_values();
  return values.data();
}

// The places in values_of_light().
using Places = std::array<int, 4>;

// Loops over all four, so that the processor does them at once.
template <class Light>
Places places_of(const Light& light) {
  Light inside{};
  for (std::size_t i = 0; i < inside.size(); ++i) inside[i] = light[i] > 0 ? light[i] : 0.0F;
  for (std::size_t i = 0; i < inside.size(); ++i) inside[i] = inside[i] < 1 ? inside[i] : 1.0F;
  Places places{};
  for (float& step : inside) step = step * kLightSteps + 0.5F;  // to be rounded by the cast
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<int>(inside[i]);
  return places;
}

template <class Light>
float luminance(const Light& light) {
  return 0.2126F * light[0] + 0.7152F * light[1] + 0.0722F * light[2];
}

template <class Light>
Light times(const Light& light, float factor) {
  return {light[0] * factor, light[1] * factor, light[2] * factor, 0};
}

// The light of a screen (BT.2100, table 5, for one whose peak is kPeak).
template <class Light>
Light displayed(const Light& scene) {
  constexpr float kGamma = 1.2F;
  constexpr auto kMost = static_cast<float>(kPeak / kReferenceWhite);
  return times(scene, kMost * std::pow(std::max(luminance(scene), 0.0F), kGamma - 1));
}

// Mixed with grey of its luminance, so that no colour is less than none.
template <class Light>
Light without_negatives(const Light& light) {
  const float least = std::min({light[0], light[1], light[2]});
  if (least >= 0) return light;
  const float grey = luminance(light);
  if (grey <= 0) return {};
  const float part = grey / (grey - least);
  return {grey + part * (light[0] - grey), grey + part * (light[1] - grey),
          grey + part * (light[2] - grey), 0};
}

std::uint8_t alpha_of(std::uint8_t alpha) { return alpha; }
std::uint8_t alpha_of(std::uint16_t alpha) {
  return static_cast<std::uint8_t>((alpha * 255U + 32767U) / 65535U);
}

}  // namespace

LightConverter::LightConverter(const LightSpace& space, int bands, Depth depth)
    : bands_(static_cast<std::size_t>(bands)),
      depth_(depth),
      range_(space.range),
      tones_(range_ == Range::kStandard ? std::nullopt : std::optional<ToneMap>(std::in_place)) {
  if (bands_ < 3) {
    const LightSpace grey{space.curves, {{{1, 0, 0}, {1, 0, 0}, {1, 0, 0}}}, space.range};
    shares_.push_back(shares_of(grey, 0));
  } else {
    for (std::size_t i = 0; i < 3; ++i) shares_.push_back(shares_of(space, i));
  }
}

LightConverter::Shares LightConverter::shares_of(const LightSpace& space,
                                                 std::size_t colour) const {
  const std::size_t entries = depth_ == Depth::k8 ? kLevels : kSteps + 1;
  const double largest = depth_ == Depth::k8 ? kLevels - 1 : 65535.0 / kStep;
  const LightCurve& curve = space.curves.at(colour);
  const Matrix& matrix = space.to_srgb;
  Shares shares;
  shares.reserve(entries);
  for (std::size_t i = 0; i < entries; ++i) {
    const double light = curve(std::min(static_cast<double>(i) / largest, 1.0));
    shares.push_back({static_cast<float>(matrix[0].at(colour) * light),
                      static_cast<float>(matrix[1].at(colour) * light),
                      static_cast<float>(matrix[2].at(colour) * light), 0});
  }
  return shares;
}

template <std::size_t Colours>
LightConverter::Light LightConverter::light_of(const Tables& tables, const std::uint8_t* pixel) {
  Light light = tables[0][pixel[0]];
  for (std::size_t i = 1; i < Colours; ++i) {
    const Light& share = tables[i][pixel[i]];
    for (std::size_t j = 0; j < light.size(); ++j) light[j] += share[j];
  }
  return light;
}

template <std::size_t Colours>
LightConverter::Light LightConverter::light_of(const Tables& tables, const std::uint16_t* pixel) {
  Light light{};
  for (std::size_t i = 0; i < Colours; ++i) {
    const Light& below = tables[i][pixel[i] / kStep];
    const Light& above = tables[i][pixel[i] / kStep + 1];
    const float part = static_cast<float>(pixel[i] % kStep) / kStep;
    for (std::size_t j = 0; j < light.size(); ++j)
      light[j] += below[j] + part * (above[j] - below[j]);
  }
  return light;
}

LightConverter::Light LightConverter::on_screen(const Light& light) const {
  const Light shown = without_negatives(range_ == Range::kHdrScene ? displayed(light) : light);
  const float brightest = std::max({shown[0], shown[1], shown[2]});
  return brightest > 0 ? times(shown, tones_->of(brightest) / brightest) : shown;
}

template <std::size_t Colours, class Value>
void LightConverter::convert_pixels(const Value* from, std::uint8_t* to, std::size_t count) const {
  // Copies, so that the compiler knows that no pixel is written over them.
  const std::uint8_t* const values = values_of_light();
  const std::size_t bands = bands_;
  Tables tables{};
  for (std::size_t i = 0; i < Colours; ++i) tables[i] = shares_[i].data();
  const bool has_alpha = bands > Colours;
  const bool is_standard = range_ == Range::kStandard;
  for (const Value* const end = from + count * bands; from != end; from += bands) {
    const Light light = light_of<Colours>(tables, from);
    const Places places = places_of(is_standard ? light : on_screen(light));
    for (std::size_t i = 0; i < Colours; ++i) *to++ = values[places[i]];
    if (has_alpha) *to++ = alpha_of(from[Colours]);
  }
}

template <class Value>
void LightConverter::convert_values(const Value* from, std::uint8_t* to, std::size_t count) const {
  if (shares_.size() == 1) return convert_pixels<1>(from, to, count);
  convert_pixels<3>(from, to, count);
}

void LightConverter::convert(const void* from, std::uint8_t* to, std::size_t count) const {
  if (depth_ == Depth::k8) return convert_values(static_cast<const std::uint8_t*>(from), to, count);
  convert_values(static_cast<const std::uint16_t*>(from), to, count);
}

}  // namespace imageserver
