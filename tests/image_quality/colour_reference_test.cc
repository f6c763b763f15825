// Colours against Little CMS, asked directly: CIEDE2000.

#include <gtest/gtest.h>
#include <lcms2.h>

#include <cmath>
#include <memory>
#include <string>
#include <type_traits>

#include "image/vips/raster_io.h"
#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};

using Profile = std::unique_ptr<std::remove_pointer_t<cmsHPROFILE>, CloseProfile>;
using Transform = std::unique_ptr<std::remove_pointer_t<cmsHTRANSFORM>, DeleteTransform>;
using Curve = std::unique_ptr<cmsToneCurve, FreeCurve>;

class ColourReferenceTest : public TransformTest {
 protected:
  static std::string profile_of(const VImage& image) {
    std::size_t size = 0;
    const void* data = image.get_blob(VIPS_META_ICC_NAME, &size);
    return {static_cast<const char*>(data), size};
  }

  // Adobe RGB (1998): its primaries, D65, a gamma of 563/256.
  static std::string adobe_rgb() {
    const cmsCIExyY white{0.3127, 0.3290, 1.0};
    const cmsCIExyYTRIPLE primaries{{0.64, 0.33, 1.0}, {0.21, 0.71, 1.0}, {0.15, 0.06, 1.0}};
    const Curve gamma(cmsBuildGamma(nullptr, 563.0 / 256));
    cmsToneCurve* const curves[] = {gamma.get(), gamma.get(), gamma.get()};
    const Profile profile(cmsCreateRGBProfile(&white, &primaries, curves));
    cmsSetProfileVersion(profile.get(), 2.1);
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(profile.get(), nullptr, &size);
    std::string bytes(size, '\0');
    cmsSaveProfileToMem(profile.get(), bytes.data(), &size);
    return bytes;
  }

  // To sRGB by Little CMS, in doubles but for the rounding at the end.
  static VImage by_lcms(const VImage& image, const std::string& profile, cmsUInt32Number from) {
    const Profile source(
        cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size())));
    const Profile srgb(cmsCreate_sRGBProfile());
    const Transform transform(cmsCreateTransform(source.get(), from, srgb.get(), TYPE_RGB_8,
                                                 INTENT_RELATIVE_COLORIMETRIC,
                                                 cmsFLAGS_NOOPTIMIZE));
    const Raster raster = to_raster(image);
    Raster result{raster.size, 3, {}};
    result.pixels.resize(raster.pixels.size() / static_cast<std::size_t>(raster.bands) * 3);
    cmsDoTransform(transform.get(), raster.pixels.data(), result.pixels.data(),
                   static_cast<cmsUInt32Number>(result.pixels.size() / 3));
    return from_raster(view(result));
  }

  static void expect_within(const VImage& pixels, const VImage& expected, const Distance& most) {
    const Distance distance = delta_e(pixels, expected);
    EXPECT_LE(distance.mean, most.mean);
    EXPECT_LE(distance.most, most.most);
  }

  static VImage without_change(const Bytes& source) {
    TransformSpec spec = as(Format::kPng);
    spec.quality = 80;  // a PNG shall not pass through
    return decoded(*make(source, spec));
  }

  // Every hue at several lightnesses and chromas.
  static VImage hues() {
    Plane plane = blank({96, 64}, 3);
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 96; ++x) {
        const double angle = x * 2 * 3.14159265 / 96;
        const double chroma = (y % 16) / 15.0 * 100;
        const double base = 60 + (y / 16) * 45.0;
        plane.at(x, y, 0) = base + chroma * std::cos(angle);
        plane.at(x, y, 1) = base + chroma * std::cos(angle - 2.0944);
        plane.at(x, y, 2) = base + chroma * std::cos(angle + 2.0944);
      }
    }
    return image_of(plane);
  }

  static VImage tagged(const VImage& picture, const std::string& profile) {
    VImage image = picture.copy();
    vips_image_set_blob_copy(image.get_image(), VIPS_META_ICC_NAME, profile.data(), profile.size());
    return image;
  }
};

TEST_F(ColourReferenceTest, DisplayP3IsConvertedAsByTheReference) {
  const Bytes file = read_testdata("p3.jpg");
  const VImage stored = decoded(file, Format::kJpeg);
  const VImage expected = by_lcms(stored, profile_of(stored), TYPE_RGB_8);
  ASSERT_GT(delta_e(stored, expected).mean, 0.5) << "as if the profile were not there";
  expect_within(without_change(file), expected, {0.1, 1.5});
}

TEST_F(ColourReferenceTest, AdobeRgbIsConvertedAsByTheReference) {
  const std::string profile = adobe_rgb();
  const VImage picture = hues();
  const VImage expected = by_lcms(picture, profile, TYPE_RGB_8);
  ASSERT_GT(delta_e(picture, expected).mean, 1) << "as if the profile were not there";
  for (const Format format : {Format::kPng, Format::kTiff, Format::kWebp}) {
    SCOPED_TRACE(format_name(format));
    expect_within(without_change(encoded(tagged(picture, profile), format)), expected, {0.05, 1});
  }
  for (const Format format : {Format::kJpeg, Format::kAvif}) {
    SCOPED_TRACE(format_name(format));
    expect_within(without_change(encoded(tagged(photo(96, 64), profile), format)),
                  by_lcms(photo(96, 64), profile, TYPE_RGB_8), {0.5, 3});
  }
}

TEST_F(ColourReferenceTest, CmykWithoutAProfileIsConvertedAsByTheReference) {
  const Bytes file = read_testdata("cmyk.jpg");
  const VImage stored = decoded(file, Format::kJpeg);
  ASSERT_EQ(stored.bands(), 4);
  VipsBlob* const blob = VImage::profile_load("cmyk");
  const std::string profile(to_bytes(blob).view());
  const VImage expected = by_lcms(stored, profile, TYPE_CMYK_8);
  expect_within(without_change(file), expected, {0.4, 2.5});
}

TEST_F(ColourReferenceTest, CmykWithAProfileIsConvertedAsByTheReference) {
  VipsBlob* const blob = VImage::profile_load("cmyk");
  const std::string profile(to_bytes(blob).view());
  const VImage cmyk = hues().icc_transform("cmyk", VImage::option()->set("input_profile", "srgb"));
  const Bytes source = to_bytes(cmyk.tiffsave_buffer());
  const VImage expected = by_lcms(cmyk, profile, TYPE_CMYK_8);
  expect_within(without_change(source), expected, {0.4, 2.5});
}

TEST_F(ColourReferenceTest, ShrinkingComesBeforeTheProfileAndIsNotSeen) {
  const Bytes file = read_testdata("p3.jpg");
  const VImage stored = decoded(file, Format::kJpeg);
  const VImage expected = by_lcms(stored, profile_of(stored), TYPE_RGB_8);
  TransformSpec spec = sized(150, 100);
  spec.format = Format::kPng;
  const VImage small = image_of(resampled(plane_of(expected), {150, 100}, Resampling::kLanczos));
  expect_within(decoded(*make(file, spec)), small, {1.2, 8});
}

}  // namespace
}  // namespace imageserver
