// The part of light_space.h that reads profiles.

#include <algorithm>
#include <array>
#include <cstddef>
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

struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};

bool describes_rgb(cmsHPROFILE profile) {
  const auto kind = cmsGetDeviceClass(profile);
  const bool is_of_a_device = kind == cmsSigDisplayClass || kind == cmsSigInputClass ||
                              kind == cmsSigColorSpaceClass || kind == cmsSigOutputClass;
  return is_of_a_device && cmsGetColorSpace(profile) == cmsSigRgbData;
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

}  // namespace

std::optional<LightSpace> light_space_of(std::string_view profile) {
  const ColourProfile opened = open_profile(profile);
  if (!opened || !describes_rgb(opened.get())) return std::nullopt;
  if (auto hdr = hdr_of_tag(opened.get())) return hdr;
  if (cmsGetPCS(opened.get()) != cmsSigXYZData || has_tables(opened.get())) return std::nullopt;
  const auto matrix = matrix_in(opened.get());
  const auto red = curve_in(opened.get(), kCurves[0]);
  const auto green = curve_in(opened.get(), kCurves[1]);
  const auto blue = curve_in(opened.get(), kCurves[2]);
  if (!matrix || !red || !green || !blue) return std::nullopt;
  return LightSpace{{*red, *green, *blue}, *matrix};
}

}  // namespace imageserver
