// Every kernel against the same one in doubles, on the encoded values or, where asked for, in
// linear light.

#include <gtest/gtest.h>

#include <algorithm>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

// Sharp edges, thin lines and a ramp: what kernels are told apart by.
VImage drawing(int width, int height) {
  VImage picture = photo(width, height).extract_band(1);
  picture = picture.copy_memory();
  for (int i = 0; i < 8; ++i) {
    picture.draw_circle({i % 2 * 255.0}, width / 3, height / 2, height / 3 - i * height / 24);
    picture.draw_line({255.0 * (i % 2)}, width / 2 + 5 * i, 0, width - 1, height - 1 - 6 * i);
  }
  return picture.copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_B_W));
}

// The most that a kernel may be from its reference, in levels, and how alike they are at least.
struct Bound {
  Distance levels;
  double similarity;
};

void expect_within(const VImage& pixels, const VImage& reference, const Bound& bound) {
  const Distance distance = levels_between(pixels, reference);
  EXPECT_LE(distance.mean, bound.levels.mean);
  EXPECT_LE(distance.most, bound.levels.most);
  EXPECT_GE(similarity_between(pixels, reference), bound.similarity);
}

constexpr Bound kSharp{{1.1, 18}, 0.9975};  // where there are edges and thin lines
constexpr Bound kSmooth{{0.6, 3}, 0.9975};

constexpr Resampling kWithKernel[] = {Resampling::kLinear, Resampling::kCubic,
                                      Resampling::kLanczos};

testing::Message naming(Resampling resampling, Size size) {
  return testing::Message() << "kernel " << static_cast<int>(resampling) << " to " << size.width
                            << "x" << size.height;
}

class ResamplingReferenceTest : public TransformTest {
 protected:
  static VImage made(const VImage& picture, Size size, Resampling resampling,
                     bool linear_light = false) {
    TransformSpec spec = sized(size.width, size.height);
    spec.resampling = resampling;
    spec.gamma_correction = linear_light;
    return through(picture, spec);
  }

  static VImage reference(const VImage& picture, Size size, Resampling resampling) {
    return image_of(resampled(plane_of(picture), size, resampling));
  }

  static VImage in_light(const VImage& picture, Size size, Resampling resampling) {
    const Plane light = changed(plane_of(picture), [](double v, int) { return light_of(v); });
    return image_of(
        changed(resampled(light, size, resampling), [](double v, int) { return level_of(v); }));
  }

  static void expect_as_in_doubles(Size size, Resampling resampling, const Bound& sharp_bound) {
    SCOPED_TRACE(naming(resampling, size));
    const VImage smooth = photo(131, 97);
    expect_within(made(smooth, size, resampling), reference(smooth, size, resampling), kSmooth);
    const VImage sharp = drawing(160, 120);
    expect_within(made(sharp, size, resampling), reference(sharp, size, resampling), sharp_bound);
  }
};

TEST_F(ResamplingReferenceTest, KernelsShrinkAsInDoubles) {
  for (const Size size : {Size{90, 70}, Size{64, 48}, Size{31, 23}, Size{13, 9}, Size{67, 97}}) {
    for (const Resampling resampling : kWithKernel) expect_as_in_doubles(size, resampling, kSharp);
  }
}

TEST_F(ResamplingReferenceTest, KernelsEnlargeAsInDoubles) {
  for (const Size size : {Size{200, 150}, Size{401, 299}}) {
    for (const Resampling resampling : {Resampling::kLinear, Resampling::kCubic}) {
      expect_as_in_doubles(size, resampling, kSharp);
    }
  }
}

// Enlarging by Lanczos is done with Catmull-Rom: where there are no sharp edges that is not seen.
TEST_F(ResamplingReferenceTest, LanczosEnlargesNearlyAsInDoubles) {
  const VImage sharp = drawing(160, 120);
  for (const Size size : {Size{200, 150}, Size{401, 299}}) {
    expect_as_in_doubles(size, Resampling::kLanczos, {{3.2, 40}, 0.985});
    EXPECT_EQ(levels_between(made(sharp, size, Resampling::kLanczos),
                             made(sharp, size, Resampling::kCubic))
                  .most,
              0);
  }
}

TEST_F(ResamplingReferenceTest, OneSideMayShrinkWhereTheOtherGrows) {
  const VImage picture = photo(131, 97);
  for (const Size size : {Size{300, 20}, Size{20, 300}}) {
    for (const Resampling resampling : kWithKernel) {
      SCOPED_TRACE(naming(resampling, size));
      expect_within(made(picture, size, resampling), reference(picture, size, resampling),
                    {{0.8, 4}, 0.997});
    }
  }
}

TEST_F(ResamplingReferenceTest, NearestIsExactAtWholeFactors) {
  const VImage picture = drawing(120, 80);
  for (const Size size : {Size{240, 160}, Size{360, 80}, Size{120, 400}}) {
    EXPECT_EQ(levels_between(made(picture, size, Resampling::kNearestNeighbor),
                             reference(picture, size, Resampling::kNearestNeighbor))
                  .most,
              0);
  }
}

TEST_F(ResamplingReferenceTest, BoxIsTheMeanOfWhatIsCovered) {
  for (const VImage& picture : {photo(120, 80), drawing(120, 80)}) {
    for (const Size size : {Size{60, 40}, Size{40, 20}, Size{24, 8}, Size{12, 80}}) {
      SCOPED_TRACE(naming(Resampling::kBox, size));
      expect_within(made(picture, size, Resampling::kBox),
                    reference(picture, size, Resampling::kBox), {{0.6, 2}, 0.995});
    }
  }
  const VImage odd = photo(131, 97);
  for (const Size size : {Size{90, 70}, Size{64, 48}, Size{31, 23}, Size{13, 9}}) {
    SCOPED_TRACE(naming(Resampling::kBox, size));
    expect_within(made(odd, size, Resampling::kBox), reference(odd, size, Resampling::kBox),
                  {{1.6, 6}, 0.985});
  }
}

TEST_F(ResamplingReferenceTest, LinearLightIsThatOfDoubles) {
  for (const VImage& picture : {photo(131, 97), drawing(160, 120)}) {
    for (const Size size : {Size{64, 48}, Size{31, 23}, Size{200, 150}}) {
      for (const Resampling resampling : kWithKernel) {
        SCOPED_TRACE(naming(resampling, size));
        const bool by_another = resampling == Resampling::kLanczos && size.width > 160;
        const Bound bound = by_another ? Bound{{3.2, 100}, 0.985} : Bound{{0.8, 20}, 0.9975};
        expect_within(made(picture, size, resampling, true), in_light(picture, size, resampling),
                      bound);
      }
    }
  }
}

TEST_F(ResamplingReferenceTest, LinearLightChangesTheResult) {
  const VImage picture = drawing(160, 120);
  const Size size{64, 48};
  const VImage encoded_values = made(picture, size, Resampling::kLanczos);
  const VImage light = made(picture, size, Resampling::kLanczos, true);
  EXPECT_GT(levels_between(encoded_values, light).mean, 2);
  // Half of the area black, half white: half of the light.
  const VImage fine = (VImage::xyz(64, 64).extract_band(0) % 2 * 255).cast(VIPS_FORMAT_UCHAR);
  EXPECT_NEAR(made(fine, {16, 16}, Resampling::kBox, true).avg(), level_of(127.5), 1);
  EXPECT_NEAR(made(fine, {16, 16}, Resampling::kBox, false).avg(), 127.5, 1);
}

TEST_F(ResamplingReferenceTest, LinearLightWeighsAlphaIn) {
  const VImage picture = plain(40, 40, {0, 255, 0, 0})
                             .join(plain(40, 40, {200, 0, 0, 255}), VIPS_DIRECTION_HORIZONTAL);
  const VImage pixels = made(picture, {27, 13}, Resampling::kLanczos, true);
  const VImage seen = pixels.extract_band(3) > 40;
  EXPECT_LE((seen / 255 * pixels.extract_band(1)).max(), 1) << "no green from what is not seen";
  EXPECT_LE((seen / 255 * (pixels.extract_band(0) - 200).abs()).max(), 8);
}

TEST_F(ResamplingReferenceTest, EverySizeTo67IsInItsPlace) {
  for (int side = 1; side <= 67; side += 2) {
    const VImage picture = photo(67, 67);
    for (const Resampling resampling : kWithKernel) {
      const Size size{side, 68 - side};
      SCOPED_TRACE(naming(resampling, size));
      const Distance distance =
          levels_between(made(picture, size, resampling), reference(picture, size, resampling));
      // Down to a few pixels from 67 the cheap mean that goes before the kernel is felt.
      const bool tiny = std::min(size.width, size.height) < 4;
      EXPECT_LE(distance.mean, tiny ? 3.6 : 0.7);
      EXPECT_LE(distance.most, tiny ? 9 : 4);
    }
  }
}

TEST_F(ResamplingReferenceTest, ASampleShrinksAsInDoublesFromPngAndFromJpeg) {
  const Bytes file = read_testdata("small.jpg");
  const VImage picture = decoded(file, Format::kJpeg);
  for (const double factor : {0.8, 0.31, 0.1}) {
    for (const Resampling resampling : kWithKernel) {
      TransformSpec spec = sized(static_cast<int>(picture.width() * factor),
                                 static_cast<int>(picture.height() * factor));
      const Size size{spec.width, spec.height};
      spec.resampling = resampling;
      spec.format = Format::kPng;
      SCOPED_TRACE(naming(resampling, size));
      const VImage expected = reference(picture, size, resampling);
      expect_within(made(picture, size, resampling), expected, {{0.7, 6}, 0.998});
      expect_within(decoded(*make(file, spec)), expected, {{0.7, 6}, 0.998});
    }
  }
}

}  // namespace
}  // namespace imageserver
