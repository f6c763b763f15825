#include "image/colour/is_srgb_profile.h"

#include <gtest/gtest.h>
#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "image/colour/colour_profile.h"
#include "support/operations.h"
#include "support/pictures.h"
#include "support/profiles.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};
using Curve = std::unique_ptr<cmsToneCurve, FreeCurve>;

constexpr cmsCIExyY kD65{0.3127, 0.3290, 1.0};
constexpr cmsCIExyYTRIPLE kRec709{{0.64, 0.33, 1.0}, {0.30, 0.60, 1.0}, {0.15, 0.06, 1.0}};
constexpr cmsCIExyYTRIPLE kP3{{0.680, 0.320, 1.0}, {0.265, 0.690, 1.0}, {0.150, 0.060, 1.0}};
constexpr cmsCIExyYTRIPLE kAdobe{{0.64, 0.33, 1.0}, {0.21, 0.71, 1.0}, {0.15, 0.06, 1.0}};

std::string matrix_profile(const cmsCIExyYTRIPLE& primaries,
                           const std::array<const cmsToneCurve*, 3>& curves, double version) {
  std::array<cmsToneCurve*, 3> raw{};
  std::ranges::transform(curves, raw.begin(), [](const cmsToneCurve* curve) {
    return const_cast<cmsToneCurve*>(curve);
  });
  const ColourProfile profile(cmsCreateRGBProfile(&kD65, &primaries, raw.data()));
  cmsSetProfileVersion(profile.get(), version);
  return bytes_of(profile);
}

std::string matrix_profile(const cmsCIExyYTRIPLE& primaries, const Curve& curve,
                           double version = 2.1) {
  return matrix_profile(primaries, {curve.get(), curve.get(), curve.get()}, version);
}

Curve table(int entries, const std::function<double(double)>& light) {
  std::vector<cmsUInt16Number> values;
  for (int i = 0; i < entries; ++i) {
    const double value = light(static_cast<double>(i) / (entries - 1));
    values.push_back(static_cast<cmsUInt16Number>(std::lround(value * 65535)));
  }
  return Curve(cmsBuildTabulatedToneCurve16(nullptr, static_cast<cmsUInt32Number>(values.size()),
                                            values.data()));
}

double srgb_light(double value) { return light_of(value * 255) / 255; }

Curve srgb_curve() {
  constexpr std::array kParameters = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return Curve(cmsBuildParametricToneCurve(nullptr, 4, kParameters.data()));
}

Curve gamma_curve(double gamma) { return Curve(cmsBuildGamma(nullptr, gamma)); }

// What many cameras and editors write: version 2, and tables of 1024 entries.
std::string tabulated_srgb() { return matrix_profile(kRec709, table(1024, srgb_light)); }

// Each colour through a table of colours, as printers have it.
std::string table_profile() {
  const ColourProfile lab(cmsCreateLab4Profile(nullptr));
  const ColourProfile srgb(cmsCreate_sRGBProfile());
  cmsHTRANSFORM const transform = cmsCreateTransform(srgb.get(), TYPE_RGB_16, lab.get(),
                                                     TYPE_Lab_16, INTENT_RELATIVE_COLORIMETRIC, 0);
  const ColourProfile profile(cmsTransform2DeviceLink(transform, 4.3, 0));
  cmsDeleteTransform(transform);
  cmsSetDeviceClass(profile.get(), cmsSigDisplayClass);
  cmsSetPCS(profile.get(), cmsSigLabData);
  return bytes_of(profile);
}

// sRGB by its matrix and curves, but with a table that goes before them.
std::string with_a_table() {
  const ColourProfile profile(cmsCreate_sRGBProfile());
  cmsPipeline* const pipeline = cmsPipelineAlloc(nullptr, 3, 3);
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocCLut16bit(nullptr, 2, 3, 3, nullptr));
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
  EXPECT_TRUE(cmsWriteTag(profile.get(), cmsSigAToB0Tag, pipeline));
  cmsPipelineFree(pipeline);
  return bytes_of(profile);
}

TEST(SrgbProfileTest, KnowsItInEveryForm) {
  EXPECT_TRUE(is_srgb_profile(bytes_of(ColourProfile(cmsCreate_sRGBProfile()))));
  EXPECT_TRUE(is_srgb_profile(tabulated_srgb()));
  EXPECT_TRUE(is_srgb_profile(matrix_profile(kRec709, table(4096, srgb_light))));
  EXPECT_TRUE(is_srgb_profile(matrix_profile(kRec709, srgb_curve(), 4.3)));
}

TEST(SrgbProfileTest, TheSrgbProfileOfLibvipsIsSrgb) {
  vips_init("srgb_profile_test");
  EXPECT_TRUE(is_srgb_profile(to_bytes(VImage::profile_load("srgb")).view()));
  EXPECT_FALSE(is_srgb_profile(to_bytes(VImage::profile_load("p3")).view()));
  EXPECT_FALSE(is_srgb_profile(to_bytes(VImage::profile_load("cmyk")).view()));
}

TEST(SrgbProfileTest, OtherPrimariesAreNotSrgb) {
  EXPECT_FALSE(is_srgb_profile(matrix_profile(kP3, srgb_curve())));
  EXPECT_FALSE(is_srgb_profile(matrix_profile(kAdobe, gamma_curve(563.0 / 256))));
  EXPECT_FALSE(is_srgb_profile(matrix_profile(kAdobe, srgb_curve())));
  cmsCIExyYTRIPLE swapped = kRec709;
  std::swap(swapped.Red, swapped.Green);
  EXPECT_FALSE(is_srgb_profile(matrix_profile(swapped, srgb_curve())));
}

TEST(SrgbProfileTest, OtherCurvesAreNotSrgb) {
  for (const double gamma : {1.0, 1.8, 2.2, 2.4}) {
    EXPECT_FALSE(is_srgb_profile(matrix_profile(kRec709, gamma_curve(gamma)))) << gamma;
  }
  const Curve good = srgb_curve();
  const Curve bad = gamma_curve(2.2);
  EXPECT_FALSE(is_srgb_profile(matrix_profile(kRec709, {good.get(), good.get(), bad.get()}, 2.1)))
      << "all three count";
}

TEST(SrgbProfileTest, CurvesMayDifferByHalfALevelAtMost) {
  const auto moved = [](double levels) {
    return matrix_profile(kRec709, table(4096, [levels](double value) {
                            const double level = std::clamp(value * 255 + levels, 0.0, 255.0);
                            return light_of(level) / 255;
                          }));
  };
  EXPECT_TRUE(is_srgb_profile(moved(0.3)));
  EXPECT_TRUE(is_srgb_profile(moved(-0.3)));
  EXPECT_FALSE(is_srgb_profile(moved(0.7)));
  EXPECT_FALSE(is_srgb_profile(moved(-0.7)));
}

TEST(SrgbProfileTest, ProfilesWithTablesOfColoursAreNotSrgb) {
  EXPECT_FALSE(is_srgb_profile(table_profile()));
  EXPECT_FALSE(is_srgb_profile(with_a_table()));
}

TEST(SrgbProfileTest, ProfilesOfOtherClassesAndSpacesAreNotSrgb) {
  const ColourProfile profile(cmsCreate_sRGBProfile());
  cmsSetDeviceClass(profile.get(), cmsSigLinkClass);
  EXPECT_FALSE(is_srgb_profile(bytes_of(profile)));
  cmsSetDeviceClass(profile.get(), cmsSigDisplayClass);
  cmsSetPCS(profile.get(), cmsSigLabData);
  EXPECT_FALSE(is_srgb_profile(bytes_of(profile)));
}

TEST(SrgbProfileTest, DamagedProfilesAreNotSrgb) {
  const std::string whole = tabulated_srgb();
  EXPECT_FALSE(is_srgb_profile(""));
  EXPECT_FALSE(is_srgb_profile("not a profile"));
  for (std::size_t size = 0; size < whole.size(); size += 61) {
    EXPECT_FALSE(is_srgb_profile(whole.substr(0, size))) << size;
  }
  EXPECT_FALSE(is_srgb_profile(whole + std::string(100'000, '\0'))) << "too large to be looked at";
}

// Whatever it says, it says it without a fault, and soon: for the sanitizers.
TEST(SrgbProfileTest, BytesThatAreWrongDoNoHarm) {
  const std::string whole = bytes_of(ColourProfile(cmsCreate_sRGBProfile()));
  std::mt19937 random(5);
  int good = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = whole;
    for (int n = 0; n < 4; ++n) {
      const std::size_t at = random() % (i % 2 == 0 ? damaged.size() : 300);
      damaged[at] = static_cast<char>(random());
    }
    good += is_srgb_profile(damaged) ? 1 : 0;
  }
  EXPECT_LT(good, 2000);
}

class SrgbPictureTest : public TransformTest {
 protected:
  static bool goes_directly(const Bytes& picture, const TransformSpec& spec) {
    const int before = operations_begun("save_buffer");
    EXPECT_NE(make(picture, spec), nullptr);
    return operations_begun("save_buffer") == before;
  }

  static Bytes jpeg_of(const VImage& image) {
    return to_bytes(image.jpegsave_buffer(VImage::option()->set("Q", 95)));
  }
};

TEST_F(SrgbPictureTest, OnlyAJpegWithAnSrgbProfileGoesDirectly) {
  const VImage picture = photo(200, 150);
  EXPECT_TRUE(goes_directly(jpeg_of(tagged(picture, tabulated_srgb())), sized(80, 0)));
  EXPECT_FALSE(
      goes_directly(jpeg_of(tagged(picture, matrix_profile(kP3, srgb_curve()))), sized(80, 0)));
  EXPECT_FALSE(goes_directly(jpeg_of(tagged(picture, with_a_table())), sized(80, 0)));
}

TEST_F(SrgbPictureTest, AProfileThatDoesNotFitCountsForNothing) {
  const VImage grey = photo(200, 150).colourspace(VIPS_INTERPRETATION_B_W);
  EXPECT_TRUE(
      goes_directly(jpeg_of(tagged(grey, matrix_profile(kP3, srgb_curve()))), sized(80, 0)));
}

TEST_F(SrgbPictureTest, NoResultKeepsTheProfile) {
  const Bytes source = jpeg_of(tagged(photo(200, 150), tabulated_srgb()));
  for (const Format format : {Format::kJpeg, Format::kWebp, Format::kPng, Format::kAvif}) {
    for (const auto strip : {std::optional<bool>(), std::optional(true), std::optional(false)}) {
      TransformSpec spec = sized(80, 0);
      spec.format = format;
      spec.strip = strip;
      EXPECT_EQ(decoded(*make(source, spec)).get_typeof(VIPS_META_ICC_NAME), 0U)
          << format_name(format);
    }
  }
}

// A matter of rounding: the profile's tables have 16 bits, and libvips goes through them in 8.
TEST_F(SrgbPictureTest, WithoutTheProfileThePixelsAreWhatTheyWouldBeByIt) {
  for (const std::string& profile : {tabulated_srgb(), matrix_profile(kRec709, srgb_curve(), 4.3),
                                     bytes_of(ColourProfile(cmsCreate_sRGBProfile()))}) {
    const VImage picture = tagged(photo(200, 150), profile);
    const VImage by_it = picture.icc_transform("srgb", VImage::option()->set("embedded", true));
    const Distance apart = levels_between(by_it, picture);
    EXPECT_LE(apart.mean, 0.3);
    EXPECT_LE(apart.most, 2);
  }
}

}  // namespace
}  // namespace imageserver
