#include "image/colour/is_srgb_profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/endian.h"
#include "image/colour/colour_profile.h"
#include "image/colour/srgb_curve.h"

namespace imageserver {
namespace {

// The largest profile that is looked at, in bytes. The sRGB profiles in use have some 500 to 13,000
// bytes, most of which are one curve.
constexpr std::size_t kLargest = 65536;

constexpr int kLevels = 256;

// How far the light of a primary may be off, as part of full light. Of its own colour: a quarter of
// a level. Of each other colour, where levels are dark: two levels.
constexpr double kMostMissing = 0.002;
constexpr double kMostStray = 0.0006;

constexpr std::array kPrimaries = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                   cmsSigBlueColorantTag};

constexpr std::array kCurves = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};

// Tables for whole colours. Readers use them before matrix and curves.
constexpr std::array kTables = {cmsSigAToB0Tag, cmsSigAToB1Tag, cmsSigAToB2Tag, cmsSigBToA0Tag,
                                cmsSigBToA1Tag, cmsSigBToA2Tag, cmsSigDToB0Tag, cmsSigDToB1Tag,
                                cmsSigDToB2Tag, cmsSigDToB3Tag, cmsSigBToD0Tag, cmsSigBToD1Tag,
                                cmsSigBToD2Tag, cmsSigBToD3Tag};

// From XYZ under D50, as profiles have it, to sRGB's red, green and blue: the primaries of IEC
// 61966-2-1, adapted from D65 by Bradford's matrix (ICC.1, annex E), and inverted.
constexpr std::array<std::array<double, 3>, 3> kFromXyz = {{{3.1338561, -1.6168667, -0.4906146},
                                                            {-0.9787684, 1.9161415, 0.0334540},
                                                            {0.0719453, -0.2289914, 1.4052427}}};

// The light half a level below each level, and half a level above the last.
std::array<double, kLevels + 1> make_bounds() {
  std::array<double, kLevels + 1> bounds{};
  for (int i = 0; i <= kLevels; ++i)
    bounds.at(static_cast<std::size_t>(i)) = light_of_srgb((i - 0.5) / (kLevels - 1));
  return bounds;
}

// Whether the profile has as many bytes as its first four say. Little CMS would not notice that a
// tag is cut off which nobody reads.
bool is_whole(std::string_view profile) {
  return profile.size() >= 4 && read_big_endian<std::uint32_t>(profile, 0) <= profile.size();
}

bool is_rgb_display(cmsHPROFILE profile) {
  return cmsGetDeviceClass(profile) == cmsSigDisplayClass &&
         cmsGetColorSpace(profile) == cmsSigRgbData && cmsGetPCS(profile) == cmsSigXYZData;
}

bool has_tables(cmsHPROFILE profile) {
  return std::ranges::any_of(kTables, [&](auto tag) { return cmsIsTag(profile, tag) != 0; });
}

bool is_curve_of_srgb(const cmsToneCurve* curve) {
  static const std::array<double, kLevels + 1> bounds = make_bounds();
  if (curve == nullptr) return false;
  for (std::size_t i = 0; i < kLevels; ++i) {
    const double light =
        cmsEvalToneCurveFloat(curve, static_cast<float>(i) / static_cast<float>(kLevels - 1));
    if (!(light >= bounds.at(i) && light <= bounds.at(i + 1))) return false;
  }
  return true;
}

bool has_curves_of_srgb(cmsHPROFILE profile) {
  return std::ranges::all_of(kCurves, [&](auto tag) {
    return is_curve_of_srgb(static_cast<const cmsToneCurve*>(cmsReadTag(profile, tag)));
  });
}

// Whether the primary has full light of the colour `own` (0: red, 1: green, 2: blue), and hardly
// any of the other two.
bool is_primary_of_srgb(const cmsCIEXYZ* primary, std::size_t own) {
  if (primary == nullptr) return false;
  for (std::size_t i = 0; i < kFromXyz.size(); ++i) {
    const auto& [x, y, z] = kFromXyz.at(i);
    const double light = x * primary->X + y * primary->Y + z * primary->Z;
    const bool close =
        i == own ? std::abs(light - 1) <= kMostMissing : std::abs(light) <= kMostStray;
    if (!close) return false;
  }
  return true;
}

bool has_primaries_of_srgb(cmsHPROFILE profile) {
  for (std::size_t i = 0; i < kPrimaries.size(); ++i) {
    const auto* const primary =
        static_cast<const cmsCIEXYZ*>(cmsReadTag(profile, kPrimaries.at(i)));
    if (!is_primary_of_srgb(primary, i)) return false;
  }
  return true;
}

}  // namespace

bool is_srgb_profile(std::string_view profile) {
  if (profile.size() > kLargest || !is_whole(profile)) return false;
  const ColourProfile opened = open_profile(profile);
  return opened && is_rgb_display(opened.get()) && !has_tables(opened.get()) &&
         has_primaries_of_srgb(opened.get()) && has_curves_of_srgb(opened.get());
}

}  // namespace imageserver
