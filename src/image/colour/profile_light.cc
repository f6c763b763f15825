// The part of light_space.h that reads profiles.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "image/colour/colour_profile.h"
#include "image/colour/light_space.h"

namespace imageserver {
namespace {

constexpr std::array kColorants = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                   cmsSigBlueColorantTag};

constexpr std::array kCurves = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};

// Tables for whole colours. Readers use them before matrix and curves.
constexpr std::array kTables = {cmsSigAToB0Tag, cmsSigAToB1Tag, cmsSigAToB2Tag, cmsSigDToB0Tag,
                                cmsSigDToB1Tag, cmsSigDToB2Tag, cmsSigDToB3Tag};

constexpr auto kCicpTag = static_cast<cmsTagSignature>(0x63696370);

// Of a header: a profile may say what is no value of the enum, which no variable of it may hold.
using Word = std::uint32_t;

struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};

bool is_of_a_device(cmsHPROFILE profile) {
  const auto kind = static_cast<Word>(cmsGetDeviceClass(profile));
  return kind == cmsSigDisplayClass || kind == cmsSigInputClass || kind == cmsSigColorSpaceClass ||
         kind == cmsSigOutputClass;
}

bool has_tables(cmsHPROFILE profile) {
  return std::ranges::any_of(kTables, [&](auto tag) { return cmsIsTag(profile, tag) != 0; });
}

// ICC.1:2022, 9.2.17. The first 8 bytes are the type of the tag.
std::optional<LightSpace> hdr_of_tag(cmsHPROFILE profile) {
  constexpr int kPq = 16;
  constexpr int kHlg = 18;
  std::array<unsigned char, 12> tag{};
  if (cmsReadRawTag(profile, kCicpTag, tag.data(), tag.size()) != tag.size()) return std::nullopt;
  const Cicp cicp{tag[8], tag[9]};
  const bool is_full_rgb = tag[10] == 0 && tag[11] == 1;
  if (!is_full_rgb || (cicp.transfer != kPq && cicp.transfer != kHlg)) return std::nullopt;
  return light_space_of(cicp);
}

// Outlives the profile. What is no light becomes 0 or 1 (ICC.1, 10.18).
std::optional<LightCurve> curve_in(cmsHPROFILE profile, cmsTagSignature tag) {
  const auto* const stored = static_cast<const cmsToneCurve*>(cmsReadTag(profile, tag));
  if (stored == nullptr) return std::nullopt;
  const std::shared_ptr<cmsToneCurve> own(cmsDupToneCurve(stored), FreeCurve());
  if (!own) return std::nullopt;
  return [own](double value) {
    const double light = cmsEvalToneCurveFloat(own.get(), static_cast<float>(value));
    return light > 0 ? std::min(light, 1.0) : 0.0;
  };
}

// Of the colorants, each of which is a column.
std::optional<Matrix> matrix_in(cmsHPROFILE profile) {
  Matrix xyz{};
  for (std::size_t i = 0; i < kColorants.size(); ++i) {
    const auto* const primary =
        static_cast<const cmsCIEXYZ*>(cmsReadTag(profile, kColorants.at(i)));
    if (primary == nullptr) return std::nullopt;
    xyz[0].at(i) = primary->X;
    xyz[1].at(i) = primary->Y;
    xyz[2].at(i) = primary->Z;
  }
  return matrix_from_profile_xyz() * xyz;
}

// Little CMS would convert it through a table of 33 steps, by up to 9 levels too dark.
std::optional<LightSpace> grey_space_in(cmsHPROFILE profile) {
  constexpr Matrix kNoOtherPrimaries{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  const auto curve = curve_in(profile, cmsSigGrayTRCTag);
  if (!curve) return std::nullopt;
  return LightSpace{{*curve, *curve, *curve}, kNoOtherPrimaries};
}

std::optional<LightSpace> rgb_space_in(cmsHPROFILE profile) {
  const auto matrix = matrix_in(profile);
  const auto red = curve_in(profile, kCurves[0]);
  const auto green = curve_in(profile, kCurves[1]);
  const auto blue = curve_in(profile, kCurves[2]);
  if (!matrix || !red || !green || !blue) return std::nullopt;
  return LightSpace{{*red, *green, *blue}, *matrix};
}

}  // namespace

std::optional<LightSpace> light_space_of(std::string_view profile) {
  const ColourProfile opened = open_profile(profile);
  if (!opened || !is_of_a_device(opened.get())) return std::nullopt;
  const auto space = static_cast<Word>(cmsGetColorSpace(opened.get()));
  if (space != cmsSigRgbData && space != cmsSigGrayData) return std::nullopt;
  const bool is_rgb = space == cmsSigRgbData;
  if (auto hdr = is_rgb ? hdr_of_tag(opened.get()) : std::nullopt) return hdr;
  if (cmsGetPCS(opened.get()) != cmsSigXYZData || has_tables(opened.get())) return std::nullopt;
  return is_rgb ? rgb_space_in(opened.get()) : grey_space_in(opened.get());
}

}  // namespace imageserver
