#include "params/vocabulary.h"

#include <algorithm>
#include <array>

#include "params/names.h"

namespace imageserver {
namespace {

constexpr std::array<KnownParam, 38> kVocabulary = {{
    {names::kBackground, Kind::kText, Place::kRotate},
    {names::kBlur, Kind::kNumber},
    {names::kBrightness, Kind::kInteger},
    {names::kColors, Kind::kInteger},
    {names::kContrast, Kind::kInteger},
    {names::kCrop, Kind::kCrop},
    {names::kDpr, Kind::kNumber},
    {names::kEnlarge, Kind::kBoolean},
    {names::kFlip, Kind::kText},
    {names::kFormat, Kind::kFormat},
    {names::kFrames, Kind::kInteger},
    {names::kGammaCorrection, Kind::kBoolean},
    {names::kGravity, Kind::kText},
    {names::kGrayscale, Kind::kBoolean},
    {names::kHeight, Kind::kInteger, Place::kResize},
    {names::kInterpolation, Kind::kText, Place::kRotate},
    {names::kLossless, Kind::kBoolean},
    {names::kMaxBytes, Kind::kInteger},
    {names::kMode, Kind::kText, Place::kResize},
    {names::kOrient, Kind::kBoolean},
    {names::kPage, Kind::kInteger},
    {names::kPixelate, Kind::kInteger},
    {names::kPreset, Kind::kPreset},
    {names::kProgressive, Kind::kBoolean},
    {names::kQuality, Kind::kQuality},
    {names::kRadius, Kind::kInteger},
    {names::kResampling, Kind::kText, Place::kResize},
    {names::kRotation, Kind::kNumber, Place::kRotate},
    {names::kSaturation, Kind::kInteger},
    {names::kSharpen, Kind::kNumber},
    {names::kStrip, Kind::kBoolean},
    {names::kTint, Kind::kText},
    {names::kTrim, Kind::kNumber},
    {names::kWatermark, Kind::kText},
    {names::kWatermarkGravity, Kind::kText},
    {names::kWatermarkOpacity, Kind::kNumber},
    {names::kWatermarkScale, Kind::kNumber},
    {names::kWidth, Kind::kInteger, Place::kResize},
}};

static_assert(std::ranges::is_sorted(kVocabulary, {}, &KnownParam::name));
static_assert(kVocabulary.size() <= 64);

}  // namespace

std::span<const KnownParam> vocabulary() { return kVocabulary; }

const KnownParam* find_known(std::string_view name) {
  const auto place = std::ranges::lower_bound(kVocabulary, name, {}, &KnownParam::name);
  return place != kVocabulary.end() && place->name == name ? &*place : nullptr;
}

}  // namespace imageserver
